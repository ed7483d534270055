//! `air`: takes identifiers of resources apart.

use civitai_jobs::Air as Identifier;
use clap::Args;
use serde_json::json;

use crate::exit;
use crate::failure::Failure;
use crate::screen;

/// Takes AIRs apart: ecosystem, type, source, id and version. Asks no service.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Air {
    /// The AIRs, in any form that the service takes.
    #[arg(required = true, value_name = "AIR")]
    airs: Vec<Identifier>,

    /// Prints one JSON object a line in place of text.
    #[arg(long)]
    json: bool,
}

impl Air {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let texts = self.airs.iter().map(|air| match self.json {
            true => format!("{}\n", document(air)),
            false => lines(air),
        });
        let separator = if self.json { "" } else { "\n" };
        screen::print(&texts.collect::<Vec<_>>().join(separator))
    }
}

/// What an AIR holds, by the names of its parts.
fn parts(air: &Identifier) -> [(&'static str, Option<&str>); 8] {
    [
        ("ecosystem", air.ecosystem()),
        ("type", air.kind()),
        ("source", Some(air.source())),
        ("id", air.id()),
        ("version", air.version()),
        ("file", air.file_id()),
        ("layer", air.layer()),
        ("format", air.format()),
    ]
}

fn lines(air: &Identifier) -> String {
    let mut text = format!("{}\n", air.canonical());
    for (name, value) in parts(air) {
        if let Some(value) = value {
            text += &format!("  {name}: {value}\n");
        }
    }
    text
}

fn document(air: &Identifier) -> serde_json::Value {
    let mut document = json!({ "air": air.canonical() });
    for (name, value) in parts(air) {
        document[name] = json!(value);
    }
    document
}
