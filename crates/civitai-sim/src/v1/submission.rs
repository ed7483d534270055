//! Reads what a caller submits: the two envelopes, the rules for each field.

use serde_json::{Map, Value};

use crate::core::air::is_air;
use crate::core::fields::Fields;
use crate::core::problem::{FieldErrors, Problem};

use super::options::read_options;
use super::template::{PictureParams, Template};
use super::vocabulary::{JOB_TYPES, NETWORK_TYPES, PREPROCESSORS, SCHEDULERS};

/// Jobs in one submission, at most; a bound of the simulator.
const JOBS_AT_MOST: usize = 1_000;
const ANY_NUMBER: std::ops::RangeInclusive<f64> = f64::MIN..=f64::MAX;
const SIDE: std::ops::RangeInclusive<i64> = 64..=2048;

/// Reads a submission: one bare job, or `{"jobs": […]}`.
pub(crate) fn read(body: &[u8]) -> Result<Vec<Template>, Problem> {
    let body: Value = serde_json::from_slice(body)
        .map_err(|error| Problem::field("$", format!("The body is not JSON: {error}.")))?;
    let Value::Object(body) = body else {
        return Err(Problem::field("$", "The body must be an object."));
    };
    let mut errors = FieldErrors::new();
    let jobs = match body.get("jobs") {
        None => vec![read_job(String::new(), &body, &mut errors)],
        Some(Value::Array(jobs)) if (1..=JOBS_AT_MOST).contains(&jobs.len()) => {
            let read_one = |(at, job): (usize, &Value)| {
                let path = format!("jobs[{at}]");
                let Some(job) = job.as_object() else {
                    errors
                        .entry(path)
                        .or_default()
                        .push("Must be an object.".to_owned());
                    return None;
                };
                read_job(path, job, &mut errors)
            };
            jobs.iter().enumerate().map(read_one).collect()
        }
        Some(_) => {
            let message = format!("Must be an array of 1 to {JOBS_AT_MOST} jobs.");
            return Err(Problem::field("jobs", message));
        }
    };
    if errors.is_empty() {
        Ok(jobs.into_iter().flatten().collect())
    } else {
        Err(Problem::invalid(errors))
    }
}

/// Reads one job; without a job, `errors` says why.
fn read_job(path: String, job: &Map<String, Value>, errors: &mut FieldErrors) -> Option<Template> {
    let fields = Fields::new(path, job);
    let Some(job_type) = fields.text("$type", errors) else {
        fields.refuse("$type", "Is required: it names the kind of job.", errors);
        return None;
    };
    fields.one_of("$type", JOB_TYPES, errors);
    let quantity = fields.integer("quantity", 1..=100, errors).unwrap_or(1);
    let (quantity, picture) = match job_type {
        "textToImage" => (quantity, read_picture(&fields, errors)),
        "comfy" => (1, read_graph(&fields, errors)),
        _ => (1, None),
    };
    let properties = fields.object("properties", errors);
    Some(Template {
        job_type: job_type.to_owned(),
        quantity: u32::try_from(quantity).unwrap_or(1),
        picture,
        properties: properties
            .map(|fields| fields.entries().clone())
            .unwrap_or_default(),
        expire_at: read_options(&fields, errors),
        request: job.clone(),
    })
}

fn read_picture(job: &Fields<'_>, errors: &mut FieldErrors) -> Option<PictureParams> {
    job.air("model", errors);
    if let Some(networks) = job.object("additionalNetworks", errors) {
        for (air, _) in networks.entries() {
            if !is_air(air) {
                networks.refuse(air, format!("`{air}` is not an AIR."), errors);
            }
            if let Some(network) = networks.object(air, errors) {
                network.one_of("type", NETWORK_TYPES, errors);
                network.number("strength", ANY_NUMBER, errors);
                network.text("triggerWord", errors);
            }
        }
    }
    for net in job.objects("controlNets", errors) {
        net.one_of("preprocessor", PREPROCESSORS, errors);
        for name in ["weight", "startStep", "endStep"] {
            net.number(name, ANY_NUMBER, errors);
        }
        for name in ["imageUrl", "blobKey"] {
            net.text(name, errors);
        }
    }
    job.require("params", errors);
    let params = job.object("params", errors)?;
    let prompt = params.text("prompt", errors);
    if prompt.is_some_and(|prompt| prompt.trim().is_empty()) {
        params.refuse("prompt", "Must not be empty.", errors);
    }
    let prompt = prompt.unwrap_or_default();
    params.one_of("scheduler", SCHEDULERS, errors);
    params.number("cfgScale", 1.0..=30.0, errors);
    let mut side = |name| {
        params.require(name, errors);
        params
            .integer(name, SIDE, errors)
            .and_then(|side| u32::try_from(side).ok())
    };
    let (width, height) = (side("width"), side("height"));
    let steps = params.integer("steps", 1..=150, errors).unwrap_or(30);
    let seed = params.integer("seed", -1..=i64::from(u32::MAX), errors);
    Some(PictureParams {
        prompt: prompt.to_owned(),
        width: width?,
        height: height?,
        steps: u32::try_from(steps).unwrap_or(30),
        seed: seed.and_then(|seed| u32::try_from(seed).ok()),
    })
}

/// A graph is not run: its text takes the place of a prompt.
fn read_graph(job: &Fields<'_>, errors: &mut FieldErrors) -> Option<PictureParams> {
    job.require("params", errors);
    let params = job.object("params", errors)?;
    let prompt = Value::Object(params.entries().clone()).to_string();
    Some(PictureParams {
        prompt,
        width: 512,
        height: 512,
        steps: 30,
        seed: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn job() -> Value {
        json!({
            "$type": "textToImage",
            "model": "urn:air:sd1:checkpoint:civitai:4384@128713",
            "params": {"prompt": "a lighthouse", "width": 512, "height": 768},
        })
    }

    fn read_value(value: &Value) -> Result<Vec<Template>, Problem> {
        read(value.to_string().as_bytes())
    }

    #[test]
    fn both_envelopes_give_the_same_job() {
        let bare = read_value(&job()).unwrap();
        let listed = read_value(&json!({"jobs": [job()]})).unwrap();
        assert_eq!(bare, listed);
        assert_eq!(bare[0].picture.as_ref().unwrap().height, 768);
    }

    #[test]
    fn each_broken_field_is_named() {
        let long = "x".repeat(2_000);
        for (pointer, value, path) in [
            ("/$type", json!(null), "$type"),
            ("/$type", json!("textToSong"), "$type"),
            ("/quantity", json!(0), "quantity"),
            ("/quantity", json!(101), "quantity"),
            ("/model", json!("4384"), "model"),
            (
                "/additionalNetworks",
                json!({long.as_str(): {}}),
                &format!("additionalNetworks.{long}"),
            ),
            ("/properties", json!([]), "properties"),
            ("/expireAt", json!("tomorrow"), "expireAt"),
            ("/name", json!(1), "name"),
            ("/retries", json!(-1), "retries"),
            ("/timeout", json!("ten minutes"), "timeout"),
            ("/timeout", json!("00:61:00"), "timeout"),
            ("/callbackUrl", json!("example"), "callbackUrl"),
            ("/priority", json!("High"), "priority"),
            ("/priority", json!({"min": 1}), "priority.max"),
            ("/priority", json!({"min": 2, "max": 1}), "priority.max"),
            ("/providers", json!(["Nobody"]), "providers"),
            ("/dependencies", json!(["a", "a"]), "dependencies"),
            ("/dependencies", json!("a"), "dependencies"),
            (
                "/controlNets",
                json!([{"weight": "heavy"}]),
                "controlNets[0].weight",
            ),
            ("/controlNets", json!([{}, 1]), "controlNets[1]"),
            (
                "/additionalNetworks",
                json!({"civitai:1@2": {"strength": "all"}}),
                "additionalNetworks.civitai:1@2.strength",
            ),
            ("/params", json!(null), "params"),
            ("/params/prompt", json!("  "), "params.prompt"),
            ("/params/width", json!(63), "params.width"),
            ("/params/height", json!(2049), "params.height"),
            ("/params/width", json!(null), "params.width"),
            ("/params/steps", json!(151), "params.steps"),
            ("/params/steps", json!(2.5), "params.steps"),
            ("/params/cfgScale", json!(0.5), "params.cfgScale"),
            ("/params/seed", json!(-2), "params.seed"),
            ("/params/scheduler", json!("euler_a"), "params.scheduler"),
        ] {
            let mut job = job();
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            job.pointer_mut(parent).unwrap()[key] = value;
            let problem = read_value(&job).unwrap_err();
            assert_eq!(problem.status(), 400);
            assert_eq!(
                problem.errors().keys().collect::<Vec<_>>(),
                [path],
                "{pointer}"
            );
        }
    }

    #[test]
    fn every_problem_of_a_batch_comes_back_at_once() {
        let mut second = job();
        second["params"]["width"] = json!(1);
        second["params"]["steps"] = json!(0);
        let problem = read_value(&json!({"jobs": [job(), second, 3]})).unwrap_err();
        let paths: Vec<_> = problem.errors().keys().map(String::as_str).collect();
        assert_eq!(
            paths,
            ["jobs[1].params.steps", "jobs[1].params.width", "jobs[2]"]
        );
    }

    #[test]
    fn what_published_clients_send_besides_is_tolerated() {
        let mut job = job();
        job["baseModel"] = json!("SD_1_5");
        job["batchSize"] = json!(1);
        job["priority"] = json!(5);
        job["timeout"] = json!("1.02:03:04.5000000");
        job["params"]["seed"] = json!(-1);
        let read = read_value(&job).unwrap();
        assert_eq!(read[0].picture.as_ref().unwrap().seed, None);
    }
}
