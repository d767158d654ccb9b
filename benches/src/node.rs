//! A node as a process of its own: the real binary, on loopback, with a data folder that goes with it.

use crate::api::Member;
use crate::connection::Connection;
use crate::load::Answering;
use crate::{Failure, in_time, pause};
use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// How often it is looked whether a node is ready: far less than a start takes.
const LOOK_EVERY: Duration = Duration::from_millis(1);
const PASSWORD: &str = "correct horse battery staple";

/// A node; killed when dropped.
#[derive(Debug)]
pub(crate) struct Node {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    binary: PathBuf,
    folder: TempDir,
    running: Child,
}

impl Node {
    /// Starts a new node, which may reach these hosts, and waits until it is ready.
    pub(crate) async fn start(
        binary: &Path,
        address: SocketAddr,
        hosts: &[SocketAddr],
    ) -> Result<Self, Failure> {
        Self::start_on(binary, address, hosts, None).await
    }

    /// The same, on a PostgreSQL database.
    pub(crate) async fn start_on(
        binary: &Path,
        address: SocketAddr,
        hosts: &[SocketAddr],
        database: Option<&str>,
    ) -> Result<Self, Failure> {
        let folder = TempDir::new()?;
        let database = database.map(|database| format!("database = {database:?}\n")).unwrap_or_default();
        let settings = format!("{database}{}", settings(address, folder.path(), hosts));
        fs::write(folder.path().join("alongside.toml"), settings)?;
        let running = serve(binary, folder.path())?;
        let mut node = Self { address, binary: binary.to_owned(), folder, running };
        node.until_ready().await?;
        Ok(node)
    }

    /// Its address for people and servers.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of a member in the protocol.
    pub(crate) fn actor(&self, handle: &str) -> String {
        format!("{}/actors/{handle}", self.base())
    }

    /// The file of its database, where that is not a server's.
    pub(crate) fn sqlite_file(&self) -> PathBuf {
        self.folder.path().join("data/alongside.db")
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> Result<u32, Failure> {
        self.running.id().ok_or_else(|| "the node has stopped".into())
    }

    /// Opens an account and signs in.
    pub(crate) async fn member(&self, handle: &str) -> Result<Member, Failure> {
        let email = format!("{handle}@example.org");
        self.run(&["account", "create", handle, "--email", &email, "--password", PASSWORD]).await?;
        let token = self.run(&["token", "create", handle, "--scopes", "read write follow push"]).await?;
        Member::sign_in(self.address, handle, &token).await
    }

    /// Opens the account of whoever runs the node, and signs in.
    pub(crate) async fn operator(&self, handle: &str) -> Result<Member, Failure> {
        let email = format!("{handle}@example.org");
        let account =
            ["account", "create", handle, "--email", &email, "--password", PASSWORD, "--role", "admin"];
        self.run(&account).await?;
        let scopes = "read admin:read admin:write";
        let token = self.run(&["token", "create", handle, "--scopes", scopes]).await?;
        Member::sign_in(self.address, handle, &token).await
    }

    /// Stops it as an operator would, and waits until it has.
    pub(crate) async fn stop(&mut self) -> Result<(), Failure> {
        let process = Pid::from_raw(i32::try_from(self.process()?)?).ok_or("the node has no process")?;
        kill_process(process, Signal::TERM)?;
        in_time("the node stops", async { Ok(self.running.wait().await.map(drop)?) }).await
    }

    /// Starts it again on the data it has. How long it took until it was ready.
    pub(crate) async fn restart(&mut self) -> Result<Duration, Failure> {
        let started = Instant::now();
        self.running = serve(&self.binary, self.folder.path())?;
        self.until_ready().await?;
        Ok(started.elapsed())
    }

    async fn until_ready(&mut self) -> Result<(), Failure> {
        let address = self.address;
        let ready = async {
            while !is_ready(address).await {
                if let Some(status) = self.running.try_wait()? {
                    let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                    return Err(format!("the node stopped with {status}:\n{log}").into());
                }
                pause(LOOK_EVERY).await;
            }
            Ok(())
        };
        in_time("the node is ready", ready).await
    }

    /// Runs a command of the binary beside the running node. What it printed.
    async fn run(&self, arguments: &[&str]) -> Result<String, Failure> {
        let output = alongside(&self.binary, self.folder.path(), arguments).output().await?;
        if !output.status.success() {
            let complaint = String::from_utf8_lossy(&output.stderr);
            return Err(format!("alongside {}: {complaint}", arguments.join(" ")).into());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

impl Answering for Node {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn process(&self) -> Result<u32, Failure> {
        self.process()
    }
}

/// Builds the binary the way this program was built. Where it is: beside this program.
pub(crate) async fn build() -> Result<PathBuf, Failure> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--locked", "-p", "alongside"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    if !cargo.status().await?.success() {
        return Err("the binary does not build".into());
    }
    Ok(std::env::current_exe()?.with_file_name("alongside"))
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> Result<u16, Failure> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// What every node has, but for limits: one machine asks here as much as thousands do elsewhere.
fn settings(address: SocketAddr, folder: &Path, hosts: &[SocketAddr]) -> String {
    let data = folder.join("data").display().to_string();
    let hosts: Vec<String> = hosts.iter().map(|host| format!("{:?}", host.to_string())).collect();
    format!(
        "url = \"http://{address}\"\n\
         listen = \"{address}\"\n\
         data_dir = {data:?}\n\
         [federation]\n\
         insecure_hosts = [{hosts}]\n\
         [limits]\n\
         token_requests_per_5_min = 1000000\n\
         streams_per_member = 1000\n\
         host_key_lookups_per_min = 1000000\n\
         host_activities_per_min = 1000000\n",
        hosts = hosts.join(", "),
    )
}

fn serve(binary: &Path, folder: &Path) -> Result<Child, Failure> {
    let log = fs::OpenOptions::new().create(true).append(true).open(folder.join("log"))?;
    let mut command = alongside(binary, folder, &["serve"]);
    Ok(command.stdout(log.try_clone()?).stderr(log).kill_on_drop(true).spawn()?)
}

/// A command of the binary, told its settings and nothing of this process's environment.
fn alongside(binary: &Path, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary);
    command.args(arguments).arg("--config").arg(folder.join("alongside.toml"));
    command.env_clear().stdin(Stdio::null());
    command
}

async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut connection) = Connection::open(address).await else { return false };
    let request = Request::get("/ready").body(Full::new(Bytes::new()));
    connection.send(request.expect("the path is a path")).await.is_ok()
}
