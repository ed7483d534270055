//! Steps that feed each other.

use civitai_jobs::workflows::{Deferred, Image, Step, Text, types};
use civitai_jobs::{WorkflowRequest, WorkflowSnapshot};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::golden::{assert_golden, assert_typed};
use crate::model;

#[test]
fn generate_upscale_and_remove_the_background() {
    let mut request = WorkflowRequest::new();
    let hero = request.add(
        Step::text_to_image(model(), "a lighthouse in fog")
            .size(512, 768)
            .seed(7)
            .name("hero"),
    );
    let large = request.add(Step::upscale_image(hero.image(0)).repeats(2));
    request.add(Step::remove_background(large.image()));
    assert_golden("hero", &request);
}

#[test]
fn arguments_go_wherever_their_kind_is_wanted() {
    let mut request = WorkflowRequest::new();
    let prompt = request.argument::<Text>("prompt", "a lighthouse in fog");
    let width = request.argument::<i32>("width", 512);
    let seed = request.argument::<i64>("seed", 7);
    let step = Step::text_to_image(model(), prompt)
        .size(width.clone(), width)
        .seed(seed);
    request.add(step.cfg_scale(6));
    assert_golden("arguments", &request);
}

#[test]
fn a_step_is_found_by_its_name_and_by_its_place() {
    let mut request = WorkflowRequest::new();
    request.add(Step::upscale_image("https://example.com/a.png").name("large"));
    for source in ["large", "$0"] {
        let image = Deferred::<Image>::named(source, "output.blob.url");
        request.add(Step::remove_background(image));
    }
    assert_eq!(sources(&request), ["large", "large"]);
}

#[test]
fn a_type_of_the_contract_takes_a_deferred_value_too() {
    let mut request = WorkflowRequest::new();
    let hero = request.add(Step::z_image("a lighthouse in fog"));
    request.add(types::ImageUpscalerInput {
        image: hero.image(3).to_input(),
        ..types::ImageUpscalerInput::default()
    });
    let template = types::ImageBackgroundRemovalStepTemplate {
        name: Some("cut".to_owned()),
        ..types::ImageBackgroundRemovalStepTemplate::new(types::ImageBackgroundRemovalInput {
            image: hero.at::<Image>("images[0].previewUrl").to_input(),
            ..types::ImageBackgroundRemovalInput::default()
        })
    };
    let cut = request.add(template);
    assert_eq!(cut.name(), "cut");
    assert_eq!(sources(&request), ["imageGen", "imageGen"]);
    assert_typed(&request.to_template().unwrap());
}

#[test]
fn a_schema_inside_an_input_is_no_reference() {
    let mut request = WorkflowRequest::new();
    let body = json!({
        "$type": "newStep",
        "input": { "schema": { "$ref": "#/$defs/Tower" }, "tower": { "$ref": "x", "of": 1 } },
    });
    let step: types::WorkflowStepTemplate = serde_json::from_value(body.clone()).unwrap();
    request.add(step);
    let template = request.allow_unchecked().to_template().unwrap();
    let sent = serde_json::to_value(&template.steps[0]).unwrap();
    assert_eq!(sent["input"], body["input"]);
}

#[test]
fn a_handle_finds_its_output_in_the_reply() {
    let mut request = WorkflowRequest::new();
    let hero = request.add(Step::z_image("a lighthouse in fog").name("hero"));
    let large = request.add(Step::upscale_image(hero.image(0)));
    let image = json!({ "id": "b", "available": true, "url": "https://example.com/b.png" });
    let step = |name: &str, kind: &str, output: Value| {
        json!({
            "$type": kind, "name": name, "priority": "normal", "status": "processing",
            "metadata": {}, "input": {"image": "", "engine": "new"}, "output": output,
        })
    };
    let reply = |steps: Value| -> WorkflowSnapshot {
        let reply = json!({
            "createdAt": "2030-01-01T00:00:00Z", "metadata": {}, "status": "processing",
            "tags": [], "arguments": {}, "steps": steps, "callbacks": [], "currencies": [],
            "tips": {"civitai": 0, "creators": 0}, "upgradeMode": "manual",
            "cost": {"base": 8, "total": 8, "tips": {"civitai": 0, "creators": 0}},
            "forceRefunded": false,
        });
        let reply: types::Workflow = serde_json::from_value(reply).unwrap();
        reply.into()
    };
    let made = json!({ "images": [image] });
    let half = reply(json!([
        step(large.name(), "imageUpscaler", Value::Null),
        step("hero", "imageGen", made),
    ]));
    let images = hero.output(&half).unwrap().unwrap().images;
    assert_eq!(images[0].url.as_deref(), Some("https://example.com/b.png"));
    assert_eq!(large.output(&half).unwrap(), None);
    assert_eq!(large.output(&reply(json!([]))).unwrap(), None);
    // A step of a type that is not compiled in, under a name that is.
    let strange = reply(json!([step("hero", "newStep", json!(7))]));
    hero.output(&strange).unwrap_err();
}

/// The sources of all references, in the order of the steps.
fn sources(request: &WorkflowRequest) -> Vec<String> {
    let template = request.to_template().unwrap();
    let image = |step: &types::WorkflowStepTemplate| -> Option<String> {
        let step = serde_json::to_value(step).ok()?;
        Some(step["input"]["image"]["$ref"].as_str()?.to_owned())
    };
    template.steps.iter().filter_map(image).collect()
}

proptest! {
    /// Whatever is built from handles has no circle, and each reference the name of its step.
    #[test]
    fn handles_always_lead_to_their_steps(
        links in proptest::collection::vec((any::<proptest::sample::Index>(), any::<bool>()), 0..40),
        named in any::<proptest::sample::Index>(),
    ) {
        let mut request = WorkflowRequest::new();
        let first = Step::upscale_image("https://example.com/a.png");
        let mut steps = vec![request.add(first)];
        for (number, (to, has_name)) in links.iter().enumerate() {
            let to = &steps[to.index(steps.len())];
            let mut step = Step::upscale_image(to.image());
            if *has_name && named.index(2) == 0 {
                step = step.name(format!("step {number}"));
            }
            steps.push(request.add(step));
        }
        let template = request.to_template().unwrap();
        assert_typed(&template);
        let json = serde_json::to_value(&template).unwrap();
        for (number, (to, _)) in links.iter().enumerate() {
            let to = to.index(number + 1);
            let input = &json["steps"][number + 1]["input"];
            prop_assert_eq!(&input["image"]["$ref"], &Value::from(steps[to].name()));
            prop_assert_eq!(&input["image"]["path"], "output.blob.url");
        }
    }
}

#[test]
fn a_step_is_repeated_for_each_item_of_a_list() {
    let mut request = WorkflowRequest::new().allow_unchecked();
    let prompts = request.list_argument::<Text>("prompts", ["a pier", "a harbour"]);
    let pictures = request.add(Step::repeat("prompt", &prompts, |prompt| {
        Step::z_image(prompt)
    }));
    let film = request.add(Step::z_image("fog").quantity(4).name("film"));
    let later = request.add(Step::upscale_image("https://example.com/a.png").name("later"));
    request.add(Step::repeat("outer", &film.images(), |outer| {
        Step::repeat("inner", &film.images(), move |inner| {
            Step::edit_image(outer, "red door").images([inner, later.image()])
        })
    }));
    assert_eq!(pictures.name(), "repeat");
    let template = request.to_template().unwrap();
    let made = serde_json::to_value(&template).unwrap();
    let first = &made["steps"][0]["input"];
    assert_eq!(
        first["for"],
        json!({"$ref": "$arguments", "path": "prompts", "as": "prompt"})
    );
    assert_eq!(
        first["template"]["input"]["prompt"],
        json!({"$ref": "prompt"})
    );
    let inner = &made["steps"][3]["input"]["template"]["input"];
    assert_eq!(inner["for"]["$ref"], "film");
    assert_eq!(
        inner["template"]["input"]["images"],
        json!([
            { "$ref": "outer", "path": "url" },
            { "$ref": "inner", "path": "url" },
            { "$ref": "later", "path": "output.blob.url" },
        ])
    );
}
