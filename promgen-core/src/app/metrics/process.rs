//! What the operating system tells of this process, under the names that all exporters use.

use std::fs;

use super::page::{Page, real};

/// How the kernel counts processor time towards programs: a constant of its interface.
const TICKS_PER_SECOND: f64 = 100.0;

/// Adds what is known; nothing where the system has no `/proc`.
pub(super) fn tell(page: &mut Page) {
    if let Ok(stat) = fs::read_to_string("/proc/self/stat") {
        times(page, &stat);
    }
    if let Ok(status) = fs::read_to_string("/proc/self/status") {
        memory(page, &status);
    }
    let open = fs::read_dir("/proc/self/fd").map(Iterator::count).ok();
    let open = open.and_then(|count| u64::try_from(count).ok());
    page.gauge("process_open_fds", "Open file descriptors.", open.map(real));
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    page.gauge(
        "process_max_fds",
        "Most file descriptors that may be open.",
        most_files(&limits),
    );
}

fn times(page: &mut Page, stat: &str) {
    // The name of the program comes first, in brackets, and may hold anything.
    let Some((_, fields)) = stat.rsplit_once(')') else {
        return;
    };
    let fields: Vec<&str> = fields.split_whitespace().collect();
    // Counted from the field after the name, which `proc(5)` gives the number 3.
    let ticks = |number: usize| fields.get(number.checked_sub(3)?)?.parse::<f64>().ok();
    if let (Some(user), Some(system)) = (ticks(14), ticks(15)) {
        page.counters(
            "process_cpu_seconds",
            "Processor time, of the user and of the system.",
            [(Vec::new(), (user + system) / TICKS_PER_SECOND)],
        );
    }
    let boot = fs::read_to_string("/proc/stat").unwrap_or_default();
    let boot = boot.lines().find_map(|line| line.strip_prefix("btime "));
    let boot = boot.and_then(|seconds| seconds.trim().parse::<f64>().ok());
    if let (Some(boot), Some(since)) = (boot, ticks(22)) {
        page.gauge(
            "process_start_time_seconds",
            "When the process began, in seconds since 1970.",
            boot + since / TICKS_PER_SECOND,
        );
    }
    page.gauge("process_threads", "Threads of the process.", ticks(20));
}

fn memory(page: &mut Page, status: &str) {
    let bytes = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key))?;
        let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(real(kib * 1024))
    };
    page.gauge(
        "process_resident_memory_bytes",
        "Memory of the process that is in use.",
        bytes("VmRSS:"),
    );
    page.gauge(
        "process_virtual_memory_bytes",
        "Addresses that the process has asked for.",
        bytes("VmSize:"),
    );
}

fn most_files(limits: &str) -> Option<f64> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    match line.split_whitespace().next()? {
        "unlimited" => Some(f64::INFINITY),
        soft => soft.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_time_memory_and_files() {
        let mut page = Page::default();
        tell(&mut page);
        let text = page.into_text().unwrap();
        for name in [
            "process_cpu_seconds_total",
            "process_open_fds",
            "process_max_fds",
            "process_start_time_seconds",
            "process_threads",
            "process_resident_memory_bytes",
            "process_virtual_memory_bytes",
        ] {
            let line = text
                .lines()
                .find(|line| line.starts_with(&format!("{name} ")));
            let value: f64 = line.unwrap().rsplit(' ').next().unwrap().parse().unwrap();
            assert!(value >= 0.0, "{name} {value}");
        }
    }

    #[test]
    fn a_program_of_any_name_is_read() {
        let mut page = Page::default();
        times(
            &mut page,
            "1 (a) b) (c) S 2 3 4 5 6 7 8 9 10 11 250 50 14 15 16 17 18 19 0 0",
        );
        let text = page.into_text().unwrap();
        assert!(text.contains("process_cpu_seconds_total 3"), "{text}");
        assert!(text.contains("process_threads 18"), "{text}");
    }
}
