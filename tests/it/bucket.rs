//! Files in a bucket, at a server that speaks S3 and lies on loopback: moto, which `./dev test` fetches.

use crate::process::{Node as Process, free_port};
use crate::{process, setting};
use alongside_app::files::bucket::{Bucket, Handed, Settings};
use alongside_app::files::part::Wanted;
use alongside_app::files::{Files, Opened};
use alongside_app::media;
use alongside_app::uploads::{self, Given, Wait};
use alongside_domain::agreement::Terms;
use alongside_domain::limits::UPLOAD_SECS_MAX;
use alongside_domain::media::{Media, MediaState};
use alongside_store::engine::Store;
use alongside_store::media::{self as stored, Words};
use alongside_testkit::node::Node;
use futures_util::TryStreamExt as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const PNG: &[u8] = include_bytes!("../../crates/web/static/avatar.png");
const BUCKET: &str = "ours";
const WORDS: Words = Words { description: None, focus_x: 0.0, focus_y: 0.0 };

/// A server with one bucket; killed when dropped.
struct Service {
    address: SocketAddr,
    process: Child,
}

impl Service {
    /// `None`, with a printed reason, where it is not installed.
    fn start() -> Option<Self> {
        let program = Path::new(&setting::needed("ALONGSIDE_TOOLS")?).join("venv/bin/moto_server");
        if !program.is_file() {
            setting::tell("skipped: moto is not installed; `./dev test` fetches it");
            return None;
        }
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", &address.port().to_string()]);
        let process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("moto starts");
        let service = Self { address, process };
        process::wait_until("moto answers", || TcpStream::connect(address).is_ok());
        assert_eq!(service.ask("PUT", &format!("/{BUCKET}")), 200);
        Some(service)
    }

    /// The status of a request that nobody has signed.
    fn ask(&self, method: &str, path: &str) -> u16 {
        let mut stream = TcpStream::connect(self.address).expect("the test has set it up");
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            self.address
        );
        stream.write_all(head.as_bytes()).expect("the test has set it up");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("the test has set it up");
        let answer = String::from_utf8_lossy(&answer);
        answer.split(' ').nth(1).expect("the test has set it up").parse().expect("the test has set it up")
    }

    fn settings(&self, bucket: &str) -> Settings {
        Settings {
            bucket: bucket.to_owned(),
            endpoint: Some(format!("http://{}", self.address)),
            region: "us-east-1".to_owned(),
            key_id: "key".to_owned(),
            secret: "hush-hush".to_owned(),
            presigned: true,
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn read(files: &Files, name: &str, wanted: Wanted) -> Option<Vec<u8>> {
    let Opened::Part(part) = files.open(name, wanted).await.expect("the test has set it up") else {
        return None;
    };
    let bytes: Vec<u8> =
        part.bytes.map_ok(|chunk| chunk.to_vec()).try_concat().await.expect("the test has set it up");
    assert_eq!(bytes.len() as u64, part.range.end - part.range.start);
    Some(bytes)
}

fn given(file: Vec<u8>) -> Given {
    Given { file: file.into(), thumbnail: None }
}

async fn kept(node: &Node, media: &Media) -> Media {
    stored::find(&mut node.app.reader(), media.id)
        .await
        .expect("the test has set it up")
        .expect("the test has set it up")
}

#[tokio::test]
async fn a_bucket_keeps_files_and_gives_them_to_this_node_alone() {
    let Some(service) = Service::start() else { return };
    let folder = tempfile::tempdir().expect("the test has set it up");
    let store = Store::sqlite(&folder.path().join("node.db")).expect("the test has set it up");
    store.migrate().await.expect("the test has set it up");
    let bucket = Files::Bucket(Bucket::new(&service.settings(BUCKET)).expect("the test has set it up"));
    let node =
        Node::keeping(store, "http://127.0.0.1:7100", Terms::default(), |keeping| keeping.files = bucket);
    let (files, sam) = (node.app.files(), node.member("sam").await);
    let picture = uploads::take(&node.app, sam, given(PNG.to_vec()), WORDS, Wait::No)
        .await
        .expect("the test has set it up");
    let name = picture.file.clone().expect("the test has set it up");
    let whole = read(files, &name, Wanted::Whole).await.expect("the test has set it up");
    assert!(whole.starts_with(b"\x89PNG"));
    let length = whole.len() as u64;
    assert_eq!(read(files, &name, Wanted::Between(1, 3)).await.expect("the test has set it up"), b"PNG");
    assert_eq!(
        read(files, &name, Wanted::From(length - 2)).await.expect("the test has set it up"),
        whole[whole.len() - 2..]
    );
    assert_eq!(
        read(files, &name, Wanted::Last(4)).await.expect("the test has set it up"),
        whole[whole.len() - 4..]
    );
    assert!(
        matches!(files.open(&name, Wanted::From(length)).await.expect("the test has set it up"), Opened::TooShort { whole } if whole == length)
    );
    for wanted in [Wanted::Whole, Wanted::From(0)] {
        assert!(matches!(
            files.open("1-nothing.png", wanted).await.expect("the test has set it up"),
            Opened::Missing
        ));
    }
    let plain = format!("/{BUCKET}/{name}");
    assert_eq!(service.ask("GET", &plain), 403, "nobody else is given it");
    let handed = Handed { mime: "image/png", caching: "private", lasting: Duration::from_mins(1) };
    let address = files.address(&name, &handed).await.expect("the test has set it up").expect("it is signed");
    let at_bucket = address.strip_prefix(&format!("http://{}", service.address)).expect("it is there");
    assert!(at_bucket.starts_with(&format!("{plain}?")) && !address.contains("hush"), "{address}");
    assert_eq!(service.ask("GET", at_bucket), 200, "but by whoever was told an address");

    film_passes_through(&node).await;

    node.clock.advance_secs(UPLOAD_SECS_MAX + 1);
    media::sweep(&node.app).await.expect("the test has set it up");
    assert!(matches!(
        files.open(&name, Wanted::Whole).await.expect("the test has set it up"),
        Opened::Missing
    ));
    media::sweep(&node.app).await.expect("the test has set it up");
}

/// Of a film what came is kept there, fetched by whoever encodes it, and gone when it is ready.
async fn film_passes_through(node: &Node) {
    let Some(tools) = &node.app.settings().media.films else {
        setting::tell("skipped: ffmpeg is not installed; `./dev test` installs it");
        return;
    };
    let sam = node.member("kim").await;
    let file = node.folder().join("film.mkv");
    // More than one part of an upload holds.
    let made_of = ["-f", "lavfi", "-i", "testsrc=duration=1:size=640x480:rate=25", "-c:v", "rawvideo"];
    let mut command = Command::new(tools.path());
    command.args(["-nostdin", "-v", "error"]).args(made_of).args(["-pix_fmt", "yuv420p", "-f", "matroska"]);
    assert!(command.arg(&file).status().expect("the test has set it up").success());
    let film = std::fs::read(file).expect("the test has set it up");
    let waiting =
        uploads::take(&node.app, sam, given(film), WORDS, Wait::No).await.expect("the test has set it up");
    let given = waiting.file.clone().expect("the test has set it up");
    uploads::make_ready(&node.app, waiting.id).await.expect("the test has set it up");
    let ready = kept(node, &waiting).await;
    assert_eq!(ready.state, MediaState::Ready);
    assert_eq!(
        &read(node.app.files(), &ready.file.expect("the test has set it up"), Wanted::Between(4, 7))
            .await
            .expect("the test has set it up"),
        b"ftyp"
    );
    assert!(matches!(
        node.app.files().open(&given, Wanted::Whole).await.expect("the test has set it up"),
        Opened::Missing
    ));
}

#[test]
fn doctor_tries_the_bucket_and_never_says_the_secret() {
    let Some(service) = Service::start() else { return };
    let settings = |bucket: &str| {
        format!(
            "[media]\nbucket = \"{bucket}\"\nendpoint = \"http://{}\"\nregion = \"us-east-1\"\nkey_id = \"key\"\n\
             secret_key = \"hush-hush\"",
            service.address
        )
    };
    let node = Process::start(&settings(BUCKET));
    let said = node.run(&["doctor"]);
    assert!(said.contains("are kept in the bucket ours"), "{said}");
    assert!(
        !said.contains("hush")
            && !node.run(&["config", "check"]).contains("hush")
            && !node.log().contains("hush")
    );
    assert_eq!(service.ask("GET", &format!("/{BUCKET}/alongside-doctor")), 404, "it leaves nothing");
    drop(node);
    let node = Process::start(&settings("another"));
    let said = node.refuses(&["doctor"]);
    assert!(said.contains("one check failed") && !said.contains("hush"), "{said}");
}
