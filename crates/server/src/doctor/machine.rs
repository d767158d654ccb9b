//! Checks of this machine: the data folder, the disk, the port.

use crate::doctor::Finding;
use std::fs;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

const MEBIBYTE: u64 = 1_048_576;
/// Below this the database may fail to grow within hours.
const FREE_BYTES_MIN: u64 = 100 * MEBIBYTE;
/// Below this somebody should make room this week.
const FREE_BYTES_LOW: u64 = 1_024 * MEBIBYTE;

/// Whether the node can write where it keeps everything, and others cannot read it.
pub(super) fn data_folder(folder: &Path) -> Finding {
    const ABOUT: &str = "data folder";
    let shown = folder.display();
    let metadata = match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => metadata,
        Ok(_) => return Finding::failure(ABOUT, format!("{shown} is not a folder; set `data_dir` to one")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Finding::warning(
                ABOUT,
                format!("{shown} does not exist yet; `alongside serve` makes it"),
            );
        }
        Err(error) => return Finding::failure(ABOUT, format!("{shown} cannot be looked into: {error}")),
    };
    if let Err(error) = try_to_write(folder) {
        let remedy = "give it to the user that runs the node, or make room";
        return Finding::failure(ABOUT, format!("{shown} cannot be written to: {error}; {remedy}"));
    }
    if metadata.permissions().mode() & 0o007 != 0 {
        let remedy = format!("run `chmod o= {shown}`");
        return Finding::warning(ABOUT, format!("{shown} is open to every user of this machine; {remedy}"));
    }
    Finding::fine(ABOUT, format!("{shown} can be written to"))
}

/// Whether there is room to grow.
pub(super) fn disk_space(folder: &Path) -> Finding {
    const ABOUT: &str = "disk space";
    let place = existing_part(folder);
    let free_bytes = match rustix::fs::statvfs(&place) {
        Ok(volume) => volume.f_bavail.saturating_mul(volume.f_frsize),
        Err(error) => {
            return Finding::warning(ABOUT, format!("cannot be read for {}: {error}", place.display()));
        }
    };
    judge_space(ABOUT, free_bytes)
}

/// Whether the port is free, or in use, or cannot be had.
pub(super) fn listener(listen: SocketAddr) -> Result<(), io::ErrorKind> {
    TcpListener::bind(listen).map(drop).map_err(|error| error.kind())
}

fn try_to_write(folder: &Path) -> io::Result<()> {
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    fs::write(&probe, b"written by alongside doctor\n")?;
    fs::remove_file(&probe)
}

/// The folder, or the nearest one above it that exists: it will be made on the same disk.
fn existing_part(folder: &Path) -> PathBuf {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    whole.ancestors().find(|part| part.exists()).unwrap_or(Path::new("/")).to_owned()
}

fn judge_space(about: &'static str, free_bytes: u64) -> Finding {
    let free = format!("{} MiB free", free_bytes / MEBIBYTE);
    let remedy = "make room, or move `data_dir` to a larger disk";
    match free_bytes {
        ..FREE_BYTES_MIN => Finding::failure(about, format!("{free}; {remedy} now")),
        FREE_BYTES_MIN..FREE_BYTES_LOW => Finding::warning(about, format!("{free}; {remedy}")),
        FREE_BYTES_LOW.. => Finding::fine(about, free),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Verdict;
    use crate::folder;
    use std::net::Ipv4Addr;

    #[test]
    fn the_data_folder_is_there_ours_and_private() {
        let parent = tempfile::tempdir().unwrap();
        let data = parent.path().join("data");
        assert_eq!(data_folder(&data).verdict, Verdict::Warning);
        folder::make(&data).unwrap();
        assert_eq!(data_folder(&data).verdict, Verdict::Fine);
        assert_eq!(fs::read_dir(&data).unwrap().count(), 0, "the check leaves nothing behind");
        fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(data_folder(&data).verdict, Verdict::Warning);
        let file = parent.path().join("file");
        fs::write(&file, "").unwrap();
        assert_eq!(data_folder(&file).verdict, Verdict::Failure);
    }

    #[test]
    fn little_room_is_a_warning_and_almost_none_a_failure() {
        assert_eq!(judge_space("disk space", 2 * FREE_BYTES_LOW).verdict, Verdict::Fine);
        assert_eq!(judge_space("disk space", FREE_BYTES_LOW - 1).verdict, Verdict::Warning);
        assert_eq!(judge_space("disk space", FREE_BYTES_MIN - 1).verdict, Verdict::Failure);
        assert!(
            disk_space(Path::new("no/such/folder")).says.ends_with("MiB free")
                || cfg!(not(target_os = "linux"))
        );
    }

    #[test]
    fn a_port_in_use_is_noticed() {
        let held = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = held.local_addr().unwrap();
        assert_eq!(listener(address), Err(io::ErrorKind::AddrInUse));
        drop(held);
        assert_eq!(listener(address), Ok(()));
    }
}
