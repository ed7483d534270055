//! The simulator as a program: `civitai-sim --port 4010`.

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;

use civitai_sim::standalone::{FLAGS, Options, Service, interrupted};

/// Arguments that are no good.
const USAGE: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let options = match read(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => return print(&help()),
        Err(error) => {
            tell(&*error);
            return USAGE.into();
        }
    };
    match run(options).await {
        Ok(code) => code,
        Err(error) => {
            tell(&*error);
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<ExitCode, Box<dyn Error>> {
    // Signals count from here on, before anybody is told that the server is there.
    let stop = interrupted();
    let service = Service::start(options).await?;
    print(&service.ready_line());
    service.run_until(stop).await?;
    Ok(ExitCode::SUCCESS)
}

/// Reads a command line; nothing where help is asked for.
fn read(mut words: impl Iterator<Item = String>) -> Result<Option<Options>, Box<dyn Error>> {
    let mut options = Options::default();
    while let Some(word) = words.next() {
        if word == "--help" || word == "-h" {
            return Ok(None);
        }
        let Some(option) = word.strip_prefix("--") else {
            return Err(format!("`{word}` is no option; `--help` lists all").into());
        };
        let is_switch = FLAGS
            .iter()
            .any(|flag| flag.name == option && flag.value.is_empty());
        match option.split_once('=') {
            Some((name, value)) => options.set(name, value)?,
            None if is_switch => options.set(option, "true")?,
            None => {
                let value = words.next();
                let value = value.ok_or_else(|| format!("`--{option}` wants a value"))?;
                options.set(option, &value)?;
            }
        }
    }
    options.check()?;
    Ok(Some(options))
}

fn help() -> String {
    let mut help = "Plays the Civitai orchestration API, Serika and PhotoGPT on this machine.\n\n\
        Usage: civitai-sim [OPTIONS]\n\nOptions:\n"
        .to_owned();
    for flag in FLAGS {
        let option = format!("--{} {}", flag.name, flag.value);
        help += &format!("  {option:<22} {}\n", flag.help);
    }
    help + "\nIt prints one line of JSON once it is ready, and ends at Ctrl-C or SIGTERM."
}

/// A reader that has gone away has seen enough.
fn print(text: &str) -> ExitCode {
    let _ = writeln!(std::io::stdout(), "{text}");
    ExitCode::SUCCESS
}

/// Says on stderr why the program ends, down to the first cause.
fn tell(error: &dyn Error) {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    let _ = writeln!(std::io::stderr(), "civitai-sim: {text}");
}
