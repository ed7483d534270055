//! `show`: what a picture was made by.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::exit;
use crate::failure::Failure;
use crate::recipe::Recipe;
use crate::screen;

/// Shows the recipe in a picture: that of this program, or that of AUTOMATIC1111.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Show {
    /// The picture: PNG, JPEG or WebP.
    file: PathBuf,

    /// Prints JSON in place of text: the whole recipe.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let json = self.json;
        self.show().map_err(|failure| failure.told(json))
    }

    fn show(&self) -> Result<(), Failure> {
        let recipe = Recipe::of_file(&self.file)?;
        if self.json {
            return screen::print(&format!("{}\n", json!(recipe)));
        }
        let origin = recipe.origin();
        let Some(origin) = origin else {
            return screen::print(&format!("{:#}\n", json!(recipe)));
        };
        let mut text = format!("{}\n", origin.kind);
        for (member, value) in &origin.input {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            text += &format!("{member}: {}\n", screen::one_line(&value));
        }
        screen::print(&text)
    }
}
