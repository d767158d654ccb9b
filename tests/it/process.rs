//! A node as a process of its own, on loopback, with a data folder that goes when the test does.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const READY_TIMEOUT: Duration = Duration::from_mins(1);
const POLL_EVERY: Duration = Duration::from_millis(50);

/// A running node; killed when dropped.
pub(crate) struct Node {
    /// Where it answers: `http://127.0.0.1:PORT`.
    pub(crate) base: String,
    address: SocketAddr,
    process: Mutex<Child>,
    folder: TempDir,
    trusted: Option<PathBuf>,
}

impl Node {
    /// Starts a node on a free port, with these lines at the end of its configuration, and waits until it is ready.
    pub(crate) fn start(settings: &str) -> Self {
        Self::start_on(free_port(), settings)
    }

    /// As [`Node::start`], on a port that others were told before.
    pub(crate) fn start_on(port: u16, settings: &str) -> Self {
        Self::start_trusting(port, settings, None)
    }

    /// As [`Node::start_on`], with a certificate that it trusts in place of those of the machine.
    pub(crate) fn start_trusting(port: u16, settings: &str, trusted: Option<PathBuf>) -> Self {
        let address = loopback(port);
        Self::begin(address, format!("http://{address}"), settings, trusted)
    }

    /// As [`Node::start`], known to everybody under the address of somebody who stands before it.
    pub(crate) fn start_behind(door: &str, settings: &str) -> Self {
        Self::begin(loopback(free_port()), format!("http://{door}"), settings, None)
    }

    fn begin(address: SocketAddr, base: String, settings: &str, trusted: Option<PathBuf>) -> Self {
        let folder = configured(address, &base, settings);
        let process = Mutex::new(serve(folder.path(), trusted.as_deref()));
        let node = Self { base, address, process, folder, trusted };
        node.wait_until_ready();
        node
    }

    /// Starts a node whose data folder is a disk of its own, of so many megabytes, with one member; their token.
    /// `None` where the system lends no such disk.
    pub(crate) fn start_on_small_disk(megabytes: u32) -> Option<(Self, String)> {
        const PREPARED: &str = "set -e
            mount -t tmpfs -o size=\"$1\"m none \"$2/data\"
            \"$3\" account create ada --email ada@example.org --password 'correct horse battery staple' --config \"$4\"
            \"$3\" token create ada --scopes 'read write' --config \"$4\" >\"$2/token\"
            exec \"$3\" serve --config \"$4\"";
        let own_mounts = ["--map-root-user", "--mount"];
        let probe =
            Command::new("unshare").args(own_mounts).args(["mount", "-t", "tmpfs", "none", "/mnt"]).output();
        if !probe.is_ok_and(|probe| probe.status.success()) {
            return None;
        }
        let address = loopback(free_port());
        let base = format!("http://{address}");
        let folder = configured(address, &base, "");
        fs::create_dir(folder.path().join("data")).expect("a folder to mount on");
        let mut command = Command::new("unshare");
        command.args(own_mounts).args(["sh", "-c", PREPARED, "sh", &megabytes.to_string()]);
        command.arg(folder.path()).arg(binary()).arg(folder.path().join("alongside.toml"));
        let process = Mutex::new(logged(&mut command, folder.path()));
        let node = Self { base, address, process, folder, trusted: None };
        node.wait_until_ready();
        let token = fs::read_to_string(node.folder.path().join("token")).expect("the token was printed");
        Some((node, token.trim().to_owned()))
    }

    /// The folder of its settings, its log and its data.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The node's data folder, as the node itself sees it.
    pub(crate) fn data(&self) -> PathBuf {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner).id();
        let folder = self.folder.path().join("data");
        let below_root = folder.strip_prefix("/").expect("a temporary folder has a whole path");
        Path::new("/proc").join(process.to_string()).join("root").join(below_root)
    }

    /// Kills the process at once, as a power cut would, and starts it again on the same data.
    pub(crate) fn crash_and_restart(&self) {
        self.kill();
        self.restart();
    }

    /// Starts a process that was killed again on the same data.
    pub(crate) fn restart(&self) {
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) =
            serve(self.folder.path(), self.trusted.as_deref());
        self.wait_until_ready();
    }

    /// Runs a command of the binary beside the running node and returns what it printed.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = alongside(self.folder.path(), arguments).output().expect("the binary runs");
        let printed = String::from_utf8_lossy(&output.stdout);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "alongside {}: {printed}{complaint}", arguments.join(" "));
        printed.trim().to_owned()
    }

    /// Runs a command that must fail and returns what it complained of.
    pub(crate) fn refuses(&self, arguments: &[&str]) -> String {
        complaint(alongside(self.folder.path(), arguments))
    }

    /// Asks for a path, with lines to add to the head of the request, and returns the answer as it came.
    pub(crate) fn get(&self, path: &str, headers: &[String]) -> String {
        get(self.address, path, headers).expect("the node answers")
    }

    /// Tells the process to stop, as Ctrl-C does, and waits for its end.
    pub(crate) fn interrupt(&self) -> ExitStatus {
        interrupt(&mut self.process.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Stops the process in the middle of everything: whoever asks it is not answered and not refused.
    pub(crate) fn freeze(&self) {
        signal(&self.process.lock().unwrap_or_else(PoisonError::into_inner), "STOP");
    }

    /// Lets it go on.
    pub(crate) fn thaw(&self) {
        signal(&self.process.lock().unwrap_or_else(PoisonError::into_inner), "CONT");
    }

    /// The most memory, in bytes, that the process ever had.
    pub(crate) fn memory_peak(&self) -> usize {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner).id();
        let status = fs::read_to_string(format!("/proc/{process}/status")).expect("the process is there");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
        peak.and_then(|kib| kib.trim().parse::<usize>().ok()).expect("the system counts memory") * 1024
    }

    /// Where it answers itself, whoever stands before it.
    pub(crate) fn listens_at(&self) -> String {
        self.address.to_string()
    }

    /// What the node has logged so far, for the message of a failing test.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn wait_until_ready(&self) {
        let started = Instant::now();
        while !self.is_ready() {
            if let Some(status) = self
                .process
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .try_wait()
                .expect("the process can be asked")
            {
                panic!("the node stopped with {status} before it was ready:\n{}", self.log());
            }
            assert!(started.elapsed() < READY_TIMEOUT, "the node is not ready:\n{}", self.log());
            pause();
        }
    }

    fn is_ready(&self) -> bool {
        get(self.address, "/ready", &[]).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }

    /// Kills the process at once, as a power cut would.
    pub(crate) fn kill(&self) {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        // It may have ended by itself, which is as good.
        let _ = process.kill();
        let _ = process.wait();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// A folder with the configuration of a node that answers here and is known under that address.
fn configured(address: SocketAddr, base: &str, settings: &str) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    let data = folder.path().join("data").display().to_string();
    let config = format!("url = \"{base}\"\nlisten = \"{address}\"\ndata_dir = {data:?}\n{settings}\n");
    fs::write(folder.path().join("alongside.toml"), config).expect("the configuration is written");
    folder
}

/// What a server with these settings complains of instead of starting.
pub(crate) fn never_starts(settings: &str) -> String {
    let folder = TempDir::new().expect("a temporary folder");
    fs::write(folder.path().join("alongside.toml"), settings).expect("the configuration is written");
    complaint(alongside(folder.path(), &["serve"]))
}

/// A port that was free a moment ago, for a program that must be told its port.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// Asks an address for a path, with lines to add to the head of the request, and returns the answer as it came.
pub(crate) fn get(address: SocketAddr, path: &str, headers: &[String]) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(READY_TIMEOUT))?;
    let mut request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for header in headers {
        request.push_str(header);
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// Waits for another process, but not for ever.
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < READY_TIMEOUT, "not within {} seconds: {what}", READY_TIMEOUT.as_secs());
        pause();
    }
}

/// Tells a process to stop, as Ctrl-C does, and waits for its end.
pub(crate) fn interrupt(process: &mut Child) -> ExitStatus {
    signal(process, "INT");
    process.wait().expect("the process can be waited for")
}

fn signal(process: &Child, name: &str) {
    let told = Command::new("kill").args(["-s", name]).arg(process.id().to_string()).status();
    assert!(told.expect("kill runs").success(), "the process is there to be told");
}

fn complaint(mut command: Command) -> String {
    let output = command.output().expect("the binary runs");
    let complaint = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    assert!(!output.status.success(), "it was done: {}{complaint}", String::from_utf8_lossy(&output.stdout));
    complaint
}

fn serve(folder: &Path, trusted: Option<&Path>) -> Child {
    let mut command = alongside(folder, &["serve"]);
    if let Some(certificate) = trusted {
        command.env("SSL_CERT_FILE", certificate);
    }
    logged(&mut command, folder)
}

/// Starts a command whose output goes to the folder's log.
fn logged(command: &mut Command, folder: &Path) -> Child {
    let log = fs::OpenOptions::new().create(true).append(true).open(folder.join("log")).expect("a log file");
    let output = log.try_clone().expect("a second handle");
    command.stdin(Stdio::null()).stdout(output).stderr(log).spawn().expect("the binary starts")
}

/// A command of the binary, told its configuration and nothing of this process's environment.
pub(crate) fn alongside(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).arg("--config").arg(folder.join("alongside.toml"));
    command.env_clear().stdin(Stdio::null());
    command
}

/// Builds the binary as this test was built, once, so that no test runs an old one.
pub(crate) fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        // The whole workspace, as it was for the tests: by itself it would have other features, and be built twice. We
        // have no examples; that they are asked for lets features count that only tests need, as they did then.
        cargo.args(["build", "--quiet", "--workspace", "--bins", "--examples"]);
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        assert!(cargo.status().expect("cargo runs").success(), "the binary does not build");
        // Test binaries are in `deps`, beside the programs.
        let this = std::env::current_exe().expect("this test has a path");
        let folder = this.parent().and_then(Path::parent).expect("a test binary is two folders deep");
        folder.join("alongside")
    })
}

#[expect(clippy::disallowed_methods, reason = "another process has no clock of ours to move")]
fn pause() {
    thread::sleep(POLL_EVERY);
}
