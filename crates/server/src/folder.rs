//! The data folder: made for its owner alone, because members' words are in it.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

/// Its owner may do everything, others nothing.
const OWNER_ONLY: u32 = 0o700;

/// Makes the folder, and those above it, where they are missing.
pub fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(OWNER_ONLY).create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn nobody_else_on_the_machine_can_look_inside() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a/data");
        make(&folder).unwrap();
        make(&folder).unwrap();
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, OWNER_ONLY);
    }
}
