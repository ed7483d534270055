//! Accepting jobs: paid for, numbered, and put in line.

use axum::http::StatusCode;
use serde_json::json;

use crate::core::problem::Problem;
use crate::core::queue::Ticket;
use crate::core::rule::Rule;
use crate::core::seed::base64;

use super::job::{Job, Order};
use super::price::price;
use super::state::State;
use super::template::Template;
use super::wallet::buzz;

/// Accepts jobs and takes their price, unless they are not to be charged; returns their token.
///
/// # Errors
///
/// Fails where the account holds less than they cost.
pub(crate) fn submit(
    state: &mut State,
    templates: Vec<Template>,
    charge: bool,
) -> Result<String, Problem> {
    let price = |template: &Template| if charge { price(template) } else { 0 };
    let total = templates.iter().map(price).sum();
    if !state.wallet.charge(total) {
        let (needed, left) = (buzz(total), state.wallet.balance());
        let detail = format!("The jobs cost {needed} Buzz and the account holds {left}.");
        return Err(Problem::new(StatusCode::PAYMENT_REQUIRED, detail));
    }
    let batch = templates
        .into_iter()
        .map(|template| accept(state, price(&template), template));
    let batch: Vec<usize> = batch.collect();
    let ids = batch
        .iter()
        .map(|job| state.store.job(*job).order().id.as_str());
    let ids: Vec<&str> = ids.collect();
    let token = base64(json!({ "Jobs": ids }).to_string().as_bytes());
    state.store.add_batch(&token, batch);
    Ok(token)
}

fn accept(state: &mut State, cost: u64, template: Template) -> usize {
    let (setup, number) = (&state.setup, state.store.next_number());
    let (seed, unique) = (setup.seed, u64::try_from(number).unwrap_or(u64::MAX));
    let picture = template.picture.as_ref();
    let images = picture.map_or(0, |_| template.quantity);
    let ready = state.now + setup.queue_delay;
    let expires = template.expire_at.map(|date| setup.instant(date));
    let job = Job::new(Order {
        id: seed.guid("job", unique),
        request_id: seed.hex_id("request", unique),
        cost,
        blob_keys: (0..images)
            .map(|image| seed.blob_key(unique, u64::from(image)))
            .collect(),
        seed: picture
            .and_then(|picture| picture.seed)
            .unwrap_or_else(|| seed.image_seed(unique)),
        failure: Rule::first(&setup.failures, &template.submission()),
        created: state.now,
        template,
    });
    state.queue.push(Ticket {
        job: number,
        ready,
        work: job.occupation(setup.work_delay),
        cost: job.order().cost,
    });
    if let Some(expires) = expires {
        state.expiries.add(expires.max(state.now), number);
    }
    state.store.add(job)
}
