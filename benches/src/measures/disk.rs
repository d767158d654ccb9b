//! What the disk allows: nothing is acknowledged before it is flushed, so this bounds one writer by itself.

use crate::Failure;
use crate::bench::{Bench, Measure};
use crate::meter::Sample;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::time::Instant;

/// A page of a database.
const PAGE: [u8; 4_096] = [1; 4_096];

/// Measures flushes of one page, one after the other, where temporary folders are: the nodes' data is there too.
pub(crate) async fn measure(bench: &mut Bench) -> Result<(), Failure> {
    let how_long = bench.scale.round;
    let mut file = tempfile::tempfile()?;
    let round = async || {
        let started = Instant::now();
        let mut flushed = 0_u32;
        while started.elapsed() < how_long {
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&PAGE)?;
            file.sync_data()?;
            flushed += 1;
        }
        Ok(Sample::of(f64::from(flushed) / started.elapsed().as_secs_f64()))
    };
    bench.measure(Measure::rate("flushes of a page to the disk, one by one", None), round).await;
    Ok(())
}
