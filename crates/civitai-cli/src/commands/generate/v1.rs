//! `generate --api v1`: jobs of the older API.

use civitai_jobs::jobs::{Network, Scheduler};
use civitai_jobs::{Air, Batch, TextToImage};
use serde_json::json;

use super::Generate;
use crate::failure::Failure;
use crate::interrupt::{Stage, or_interrupt};
use crate::ledger::Entry;
use crate::order;
use crate::picture::MODEL;
use crate::run::Run;
use crate::work::{Work as _, accepted, finish};

/// What only workflows have, by the arguments for it.
const ONLY_V2: &str = "--like, --engine, --ecosystem, --image, --set, --edit, --upscale, --remove-background, --video, \
                       --preview, --max-cost, --budget and --fail-on-substitution need the API v2";

pub(super) async fn run(args: &Generate) -> Result<(), Failure> {
    let (picture, terms) = (&args.picture, &args.terms);
    let named = args.like.is_some()
        || picture.engine.is_some()
        || picture.ecosystem.is_some()
        || !picture.image.is_empty();
    if named
        || !picture.told.is_empty()
        || !picture.chain.is_empty()
        || terms.preview
        || terms.spending.needs_price()
    {
        return Err(Failure::input(ONLY_V2).advise("leave out --api v1"));
    }
    let request = request(args)?;
    let checked = request.check();
    checked.map_err(|problems| Failure::input(problems.to_string()))?;
    if terms.print {
        return order::print(&json!(request));
    }
    let run = Run::open(
        &terms.common,
        &terms.recording,
        terms.saving.waiting.timeout,
    )
    .await?
    .drawing(terms.saving.drawing);
    let work = async {
        let place = terms.saving.place(args.prompt().unwrap_or_default())?;
        let entry = Entry::new(Batch::API, run.service(), json!(request), place);
        terms.spending.agree_unpriced(&run, &entry).await?;
        run.ledger.prepare(&entry, None).await?;
        run.standing
            .set(Stage::Submitting(format!("clientKey:{}", entry.key)));
        let submission = run.client().jobs().submit(&request).key(entry.key);
        let batch = accepted(&run, &entry, submission.await).await?;
        finish(&run, &entry, &batch).await
    };
    or_interrupt(work, &run.standing, &run.again).await
}

fn request(args: &Generate) -> Result<TextToImage, Failure> {
    let picture = &args.picture;
    let model = picture.model.as_deref().unwrap_or(MODEL).parse::<Air>();
    let model = model.map_err(|error| Failure::input(format!("--model: {error}")))?;
    let (width, height) = picture.size.unwrap_or((512, 512));
    let mut request = TextToImage::new(model, args.prompt().unwrap_or_default())
        .size(width, height)
        .quantity(picture.quantity());
    if let Some(text) = &picture.negative_prompt {
        request = request.negative_prompt(text);
    }
    if let Some(steps) = picture.steps {
        request = request.steps(steps);
    }
    if let Some(scale) = picture.cfg_scale {
        request = request.cfg_scale(scale);
    }
    if let Some(seed) = picture.seed {
        request = request.seed(seed);
    }
    if let Some(name) = &picture.scheduler {
        request = request.scheduler(scheduler(name)?);
    }
    if let Some(layers) = picture.clip_skip {
        request = request.clip_skip(layers);
    }
    for (air, strength) in &picture.lora {
        request = request.network(Network::lora(air.clone()).strength(*strength));
    }
    Ok(request)
}

/// Finds the name whatever its capitals. One that the service has learned since needs the library,
/// which takes any.
fn scheduler(text: &str) -> Result<Scheduler, Failure> {
    let known = Scheduler::LISTED.iter();
    let found = known
        .clone()
        .find(|name| name.as_str().eq_ignore_ascii_case(text));
    found.cloned().ok_or_else(|| {
        let names: Vec<_> = known.map(Scheduler::as_str).collect();
        Failure::input(format!(
            "--scheduler `{text}` is not one of {}",
            names.join(", ")
        ))
    })
}
