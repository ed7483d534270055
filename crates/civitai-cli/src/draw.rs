//! Pictures on the terminal, by the protocols of kitty, iTerm2 and sixel.
//!
//! Which one a terminal understands is told by its environment: asking it would mean to wait for an answer that may
//! never come, on the input that a user types into.

use std::io::{Cursor, IsTerminal as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::{Args, ValueEnum};
use icy_sixel::SixelImage;
use image::{DynamicImage, ImageFormat, ImageReader};

use crate::event::warn;
use crate::failure::Failure;
use crate::ledger::Kept;
use crate::screen;

/// How wide pictures are drawn, in columns.
const COLUMNS: u32 = 40;
/// The same in pixels, for sixels, which know no columns.
const PIXELS: u32 = 10 * COLUMNS;
/// The largest file that is drawn, in bytes.
const LARGEST: u64 = 64 << 20;
/// The most letters that kitty takes in one piece.
const PIECE: usize = 4096;

/// What a command takes that can draw.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct Drawing {
    /// Draws the pictures on a terminal that can: kitty, iTerm2, sixel, and those that do as they do. A protocol that is
    /// named is used in any case.
    #[arg(
        long,
        value_name = "PROTOCOL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "auto"
    )]
    show: Option<Protocol>,
}

/// How a picture gets onto a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Protocol {
    /// The one that the terminal is known for.
    Auto,
    Kitty,
    Iterm,
    Sixel,
}

impl Drawing {
    /// Draws pictures on stderr, where paths and events are out of the way.
    ///
    /// # Errors
    ///
    /// A warning cannot be written.
    pub(crate) fn draw(self, kept: &[Kept], json: bool) -> Result<(), Failure> {
        let pictures = kept
            .iter()
            .filter(|kept| kept.media_type().starts_with("image/"));
        let protocol = match self.show {
            None => return Ok(()),
            Some(Protocol::Auto) if !std::io::stderr().is_terminal() => return Ok(()),
            Some(Protocol::Auto) => Protocol::of(|name| std::env::var(name).ok()),
            named => named,
        };
        let Some(protocol) = protocol else {
            let what = "the terminal is not known to draw pictures; \
                        --show=kitty, --show=iterm and --show=sixel try it all the same";
            return warn(what, json);
        };
        for picture in pictures {
            match protocol.sequence(&picture.path) {
                Ok(sequence) => screen::draw(&sequence),
                Err(why) => {
                    let path = picture.shown().display();
                    warn(&format!("`{path}` cannot be drawn: {why}"), json)?;
                }
            }
        }
        Ok(())
    }
}

impl Protocol {
    /// The protocol of a terminal, by the variables that it sets.
    fn of(variable: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
        let term = variable("TERM").unwrap_or_default();
        let program = variable("TERM_PROGRAM")
            .or_else(|| variable("LC_TERMINAL"))
            .unwrap_or_default();
        let program = program.to_ascii_lowercase();
        // What runs inside of another terminal passes no pictures on.
        if is_set("TMUX") || term.starts_with("screen") || term == "dumb" {
            None
        } else if is_set("KITTY_WINDOW_ID")
            || is_set("KONSOLE_VERSION")
            || term.contains("kitty")
            || program == "ghostty"
            || term.contains("ghostty")
        {
            Some(Self::Kitty)
        } else if ["iterm.app", "iterm2", "wezterm", "mintty", "vscode"].contains(&&*program) {
            Some(Self::Iterm)
        } else {
            let draws = ["foot", "mlterm", "contour", "yaft", "sixel"];
            draws
                .iter()
                .any(|name| term.contains(name))
                .then_some(Self::Sixel)
        }
    }

    /// What draws a picture, with the line behind it.
    fn sequence(self, path: &Path) -> Result<String, String> {
        let size = std::fs::metadata(path).map_err(|error| error.to_string())?;
        if size.len() > LARGEST {
            return Err(format!("it has more than {} MiB", LARGEST >> 20));
        }
        let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
        match self {
            Self::Auto | Self::Kitty => kitty(bytes),
            Self::Iterm => Ok(iterm(&bytes)),
            Self::Sixel => sixel(&bytes),
        }
    }
}

/// The picture as PNG, in pieces.
fn kitty(bytes: Vec<u8>) -> Result<String, String> {
    let png = if image::guess_format(&bytes).is_ok_and(|format| format == ImageFormat::Png) {
        bytes
    } else {
        let mut png = Cursor::new(Vec::new());
        let written = decode(&bytes)?.write_to(&mut png, ImageFormat::Png);
        written.map_err(|error| error.to_string())?;
        png.into_inner()
    };
    let text = STANDARD.encode(png);
    let mut sequence = String::with_capacity(text.len() + text.len() / 64);
    let mut control = format!("a=T,f=100,q=2,c={COLUMNS},");
    let mut rest = &*text;
    loop {
        let (piece, behind) = rest.split_at(rest.len().min(PIECE));
        let more = u8::from(!behind.is_empty());
        sequence += &format!("\x1b_G{control}m={more};{piece}\x1b\\");
        control.clear();
        rest = behind;
        if rest.is_empty() {
            return Ok(sequence + "\n");
        }
    }
}

/// The picture as it is: the terminal reads all formats that its system does.
fn iterm(bytes: &[u8]) -> String {
    let size = bytes.len();
    let text = STANDARD.encode(bytes);
    format!(
        "\x1b]1337;File=inline=1;size={size};width={COLUMNS};preserveAspectRatio=1:{text}\x07\n"
    )
}

/// The picture in 256 colours, as wide as the others.
fn sixel(bytes: &[u8]) -> Result<String, String> {
    let picture = decode(bytes)?.thumbnail(PIXELS, 2 * PIXELS).to_rgba8();
    let (width, height) = picture.dimensions();
    let sixels = SixelImage::try_from_rgba(picture.into_raw(), width as usize, height as usize);
    let sequence = sixels.and_then(|sixels| sixels.encode());
    sequence
        .map(|sequence| sequence + "\n")
        .map_err(|error| error.to_string())
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, String> {
    let reader = ImageReader::new(Cursor::new(bytes));
    let reader = reader
        .with_guessed_format()
        .map_err(|error| error.to_string())?;
    reader.decode().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_are_known_by_what_they_set() {
        let known = |set: &[(&str, &str)]| {
            Protocol::of(|name| {
                let found = set.iter().find(|(other, _)| *other == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        let xterm = ("TERM", "xterm-256color");
        for (set, expected) in [
            (&[xterm][..], None),
            (&[], None),
            (&[("TERM", "xterm-kitty")], Some(Protocol::Kitty)),
            (&[xterm, ("KITTY_WINDOW_ID", "1")], Some(Protocol::Kitty)),
            (&[("TERM", "xterm-ghostty")], Some(Protocol::Kitty)),
            (
                &[xterm, ("TERM_PROGRAM", "iTerm.app")],
                Some(Protocol::Iterm),
            ),
            (&[xterm, ("LC_TERMINAL", "iTerm2")], Some(Protocol::Iterm)),
            (&[xterm, ("TERM_PROGRAM", "WezTerm")], Some(Protocol::Iterm)),
            (&[("TERM", "foot-extra")], Some(Protocol::Sixel)),
            (
                &[("TERM", "screen-256color"), ("KITTY_WINDOW_ID", "1")],
                None,
            ),
            (&[("TERM", "xterm-kitty"), ("TMUX", "/tmp/tmux")], None),
        ] {
            assert_eq!(known(set), expected, "{set:?}");
        }
    }
}
