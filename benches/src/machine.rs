//! What the machine says of itself and its processes: Linux's `/proc`.

use crate::Failure;
use std::fs;
use std::thread;

/// How many cores there are to share.
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Seconds of processor time that a process has used, of all its threads.
pub(crate) fn cpu_secs(process: u32) -> Result<f64, Failure> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let ticks = cpu_ticks(&stat).ok_or("the process's state is not as expected")?;
    Ok(f64::from(ticks) / f64::from(u32::try_from(rustix::param::clock_ticks_per_second())?))
}

/// Resident memory of a process, in megabytes of a million bytes.
pub(crate) fn resident_mb(process: u32) -> Result<f64, Failure> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let kibibytes = resident_kibibytes(&status).ok_or("the process's state is not as expected")?;
    Ok(f64::from(kibibytes) * 1_024.0 / 1_000_000.0)
}

/// Fields 14 and 15: in the program, and in the kernel for it. The second field is the program's name in
/// brackets, and may contain spaces and brackets itself.
fn cpu_ticks(stat: &str) -> Option<u32> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    fields.next()?.parse::<u32>().ok()?.checked_add(fields.next()?.parse().ok()?)
}

fn resident_kibibytes(status: &str) -> Option<u32> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_found_behind_any_name() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 9 0 0 0 120 30 7 8 20 0 5 0";
        assert_eq!(cpu_ticks(stat), Some(150));
        assert_eq!(cpu_ticks("42 (short) S 1"), None);
    }

    #[test]
    fn resident_memory_is_one_line_of_many() {
        assert_eq!(resident_kibibytes("VmHWM:\t  900 kB\nVmRSS:\t  512 kB\nThreads:\t3\n"), Some(512));
        assert_eq!(resident_kibibytes("VmHWM:\t  900 kB\n"), None);
    }
}
