//! Running the programs: alone with one folder, without input, network or environment, and not for ever.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;

/// Bytes that are read of what a program says.
const SAID_BYTES_MAX: u64 = 1024 * 1024;
/// Memory that one of them may ask for at once.
const ALLOCATION_BYTES_MAX: &str = "536870912";

/// Why a program did not do its work.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    /// It says that it cannot.
    #[error("the program cannot work with the file")]
    Refused,
    /// It took too long, and was ended.
    #[error("the program took longer than {} seconds", .0.as_secs())]
    TooLong(Duration),
    /// It could not be started.
    #[error("the program cannot be started")]
    Start(#[from] io::Error),
}

/// What both programs are told before anything else: to open files only, and only of this kind.
pub(super) fn careful(demuxer: &str) -> [&str; 10] {
    [
        "-v",
        "error",
        "-hide_banner",
        "-max_alloc",
        ALLOCATION_BYTES_MAX,
        "-protocol_whitelist",
        "file,pipe",
        "-f",
        demuxer,
        "-i",
    ]
}

/// Runs a program in this folder to its end; what it said. It ends with whoever waits for it.
pub(super) async fn run<'a>(
    program: &Path,
    folder: &Path,
    arguments: impl IntoIterator<Item = &'a str>,
    time: Duration,
) -> Result<Vec<u8>, Failed> {
    let mut child = Command::new(program)
        .args(arguments.into_iter().map(OsStr::new))
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let work = async {
        let mut said = Vec::new();
        if let Some(out) = child.stdout.take() {
            out.take(SAID_BYTES_MAX).read_to_end(&mut said).await?;
        }
        Ok::<_, io::Error>((child.wait().await?, said))
    };
    match tokio::time::timeout(time, work).await {
        Ok(Ok((status, said))) if status.success() => Ok(said),
        Ok(Ok(_)) => Err(Failed::Refused),
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(Failed::TooLong(time)),
    }
}
