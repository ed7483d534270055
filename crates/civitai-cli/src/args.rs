//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use civitai_jobs::jobs::Scheduler;
use civitai_jobs::{Air, Token};
use clap::{Args as Group, Parser, Subcommand};

use crate::arazzo::Arazzo;
use crate::duration::duration;
use crate::exit;

/// Makes images with Civitai: submits a job, waits for it and saves the files.
#[derive(Debug, Parser)]
#[command(name = "civitai-jobs", version, after_help = exit::HELP, arg_required_else_help = false)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Makes images from a prompt.
    #[command(after_help = exit::HELP)]
    Generate(Box<Generate>),
    /// Picks a job up again: waits for it and saves its files.
    #[command(after_help = exit::HELP)]
    Resume(Resume),
    /// Checks and runs flows over several calls, written in Arazzo.
    #[command(subcommand)]
    Arazzo(Arazzo),
}

#[derive(Debug, Group)]
pub(crate) struct Generate {
    /// What the image is to show.
    pub(crate) prompt: String,

    /// The model, by its AIR; the default is DreamShaper 8.
    #[arg(
        long,
        value_name = "AIR",
        default_value = "urn:air:sd1:checkpoint:civitai:4384@128713"
    )]
    pub(crate) model: Air,

    /// What the image is not to show.
    #[arg(long, value_name = "TEXT")]
    pub(crate) negative_prompt: Option<String>,

    /// Width and height in pixels, each from 64 to 2048 and a multiple of 8.
    #[arg(long, value_name = "WxH", default_value = "512x512", value_parser = size, allow_hyphen_values = true)]
    pub(crate) size: (u32, u32),

    /// Denoising steps, from 1 to 150.
    #[arg(long, value_name = "N")]
    pub(crate) steps: Option<u32>,

    /// How closely to follow the prompt, from 1 to 30.
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub(crate) cfg_scale: Option<f64>,

    /// Where the random numbers begin, from 0 to 4294967295; -1 lets the service choose.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) seed: Option<i64>,

    /// The sampler, such as EulerA or DPM2MKarras.
    #[arg(long, value_name = "NAME", value_parser = scheduler)]
    pub(crate) scheduler: Option<Scheduler>,

    /// Layers of the text encoder to leave out.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) clip_skip: Option<i32>,

    /// How many images to make, from 1 to 100.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) quantity: u32,

    /// Runs against a simulator inside the program; needs no account and no network.
    #[arg(long, conflicts_with = "base_url")]
    pub(crate) local: bool,

    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Group)]
pub(crate) struct Resume {
    /// The token of the job, or `clientKey:` and the key of its submission.
    pub(crate) token: Token,

    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Clone, Debug, Group)]
pub(crate) struct Common {
    /// The folder for the files; made where it is missing.
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(crate) out: PathBuf,

    /// How long to wait, such as 90s, 15m or 1h30m; the job goes on after that.
    #[arg(long, value_name = "DURATION", default_value = "30m", value_parser = duration)]
    pub(crate) timeout: Duration,

    /// Prints one JSON document in place of the paths.
    #[arg(long)]
    pub(crate) json: bool,

    /// Another address of the API [env: CIVITAI_BASE_URL].
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let sides = text.split_once(['x', 'X', '\u{d7}']);
    let sides = sides.and_then(|(w, h)| Some((w.trim().parse().ok()?, h.trim().parse().ok()?)));
    sides.ok_or_else(|| "expected width and height in pixels, such as 512x768".to_owned())
}

/// Finds the name whatever its capitals. One that the service has learned since needs the library,
/// which takes any.
fn scheduler(text: &str) -> Result<Scheduler, String> {
    let known = Scheduler::LISTED.iter();
    let found = known
        .clone()
        .find(|name| name.as_str().eq_ignore_ascii_case(text));
    found.cloned().ok_or_else(|| {
        let names: Vec<_> = known.map(Scheduler::as_str).collect();
        format!("expected one of {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        <Args as clap::CommandFactory>::command().debug_assert();
    }
}
