//! `generate`: checks everything that can be checked here, submits once, then waits and saves.

use civitai_jobs::{Client, ClientKey, Naming, TextToImage};

use crate::args::Generate;
use crate::connect;
use crate::failure::Failure;
use crate::finish::finish;
use crate::folder;
use crate::interrupt::{Stage, or_interrupt};
use crate::report::Again;

pub(crate) async fn run(args: Box<Generate>) -> Result<(), Failure> {
    let request = request(&args);
    let checked = request.check();
    checked.map_err(|problems| Failure::input(problems.to_string()))?;
    let again = Again {
        out: args.common.out.clone(),
        base_url: args.common.base_url.clone(),
        local: args.local,
    };
    if args.local {
        folder::ready(&args.common.out)?;
        let (client, sim) = connect::local(&args.common).await?;
        let ended = submit(&client, &request, &args, &again).await;
        drop(sim);
        return ended;
    }
    let client = connect::remote(&args.common)?;
    folder::ready(&args.common.out)?;
    submit(&client, &request, &args, &again).await
}

async fn submit(
    client: &Client,
    request: &TextToImage,
    args: &Generate,
    again: &Again,
) -> Result<(), Failure> {
    // Kept here, so that an interrupted submission can be found.
    let key = ClientKey::new();
    let submitting = async {
        let batch = client.jobs().submit(request).key(key).await;
        batch.map_err(|error| Failure::submission(&error, again))
    };
    let batch = or_interrupt(submitting, Stage::Submitting, &key.into(), again).await?;
    let naming = Naming::from_prompt(request.prompt_text());
    let finishing = finish(client, &batch, &naming, &args.common, again);
    or_interrupt(finishing, Stage::Submitted, batch.token(), again).await
}

fn request(args: &Generate) -> TextToImage {
    let (width, height) = args.size;
    let mut request = TextToImage::new(args.model.clone(), &args.prompt)
        .size(width, height)
        .quantity(args.quantity);
    if let Some(text) = &args.negative_prompt {
        request = request.negative_prompt(text);
    }
    if let Some(steps) = args.steps {
        request = request.steps(steps);
    }
    if let Some(scale) = args.cfg_scale {
        request = request.cfg_scale(scale);
    }
    if let Some(seed) = args.seed {
        request = request.seed(seed);
    }
    if let Some(scheduler) = &args.scheduler {
        request = request.scheduler(scheduler.clone());
    }
    if let Some(layers) = args.clip_skip {
        request = request.clip_skip(layers);
    }
    request
}
