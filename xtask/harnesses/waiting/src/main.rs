//! Plays waiting in simulated time: what each strategy costs the service, and how late the end is
//! noticed. Prints one JSON object for each line.
//!
//! `waiting strategies` waits for jobs of several lengths, `waiting pages` for a fleet whose
//! service tells of a hundred jobs in one reply.

#![allow(
    clippy::print_stdout,
    reason = "what was measured goes to who started it"
)]

mod pages;
mod strategies;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let time = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()?;
    match std::env::args().nth(1).as_deref() {
        Some("strategies") => time.block_on(strategies::play()),
        Some("pages") => time.block_on(pages::play()),
        _ => Err("say `strategies` or `pages`".into()),
    }
}
