//! What is refused before anything is sent, all of it at once.

use civitai_jobs::workflows::{CallbackEvent, Deferred, Image, Step, Text, types};
use civitai_jobs::{FieldProblem, FieldProblems, WorkflowRequest};

use crate::model;

/// The fields at fault.
fn fields(result: Result<impl Sized, FieldProblems>) -> Vec<String> {
    let problems = result.err().unwrap_or_default();
    problems
        .iter()
        .map(FieldProblem::field)
        .map(str::to_owned)
        .collect()
}

fn one_step() -> WorkflowRequest {
    let mut request = WorkflowRequest::new();
    request.add(Step::text_to_image(model(), "a lighthouse in fog").name("hero"));
    request
}

/// A step that waits for another by its name.
fn after(name: &str) -> Step<types::ImageUpscalerInput> {
    Step::upscale_image(Deferred::<Image>::named(name, "output.blob.url"))
}

#[test]
fn everything_that_is_wrong_comes_back_together() {
    let mut request = WorkflowRequest::new()
        .tips(3.0, 0.5)
        .callback("ftp://example.com", []);
    request.add(
        Step::text_to_image(model(), " ")
            .size(32, 512)
            .steps(0)
            .seed(-2),
    );
    request.add(after("nobody").repeats(9));
    request.add(
        Step::sdxl(&model(), "fog")
            .size(1 << 20, 512)
            .cfg_scale(f64::NAN)
            .name("$0"),
    );
    let found = fields(request.to_template());
    for field in [
        "callbacks[0].url",
        "callbacks[0].type",
        "tips.civitai",
        "steps[0].input.prompt",
        "steps[0].input.width",
        "steps[0].input.steps",
        "steps[0].input.seed",
        "steps[1].input.image",
        "steps[1].input.numberOfRepeats",
        "steps[2].name",
        "steps[2].input.width",
        "steps[2].input.cfgScale",
    ] {
        assert!(
            found.iter().any(|found| found == field),
            "{field} of {found:?}"
        );
    }
    assert_eq!(found.len(), 12, "{found:?}");
}

#[test]
fn a_request_needs_a_step_and_a_step_its_image() {
    assert_eq!(fields(WorkflowRequest::new().check()), ["steps"]);
    let mut request = WorkflowRequest::new();
    request.add(types::ImageUpscalerInput::default());
    request.add(Step::<types::OpenAiGpt2EditImageInput>::prompted(
        "a red door",
    ));
    request.add(Step::text_to_image(model(), "fog").cfg_scale(f64::NAN));
    let expected = [
        "steps[0].input.image",
        "steps[1].input.images",
        "steps[2].input.cfgScale",
    ];
    assert_eq!(fields(request.check()), expected);
}

#[test]
fn a_circle_is_reported_once_with_its_way() {
    let mut request = WorkflowRequest::new();
    request.add(after("c").name("a"));
    request.add(after("a").name("b"));
    request.add(after("b").name("c"));
    request.add(after("b").name("behind"));
    request.add(after("self").name("self"));
    let problems = request.to_template().unwrap_err();
    let fields: Vec<_> = problems.iter().map(FieldProblem::field).collect();
    assert_eq!(fields, ["steps[1].input.image", "steps[4].input.image"]);
    let text = problems.to_string();
    assert!(
        text.contains("`a` waits for `c` waits for `b` waits for `a`"),
        "{text}"
    );
    assert!(text.contains("`self` waits for `self`"), "{text}");
}

#[test]
fn a_handle_serves_its_workflow_and_its_clones_alone() {
    let mut request = WorkflowRequest::new();
    let hero = request.add(Step::z_image("a lighthouse in fog"));

    let mut clone = request.clone();
    let of_clone = clone.add(Step::upscale_image(hero.image(0)));
    assert_eq!(fields(clone.check()), [""; 0]);

    // Another workflow has a step of the same name, and so has another clone.
    let mut other = WorkflowRequest::new();
    other.add(Step::z_image("a harbour"));
    other.add(Step::upscale_image(hero.image(0)));
    assert_eq!(fields(other.check()), ["steps[1].input.image"]);

    let mut second = request.clone();
    second.add(Step::upscale_image("https://example.com/a.png"));
    second.add(Step::remove_background(of_clone.image()));
    let problems = second.to_template().unwrap_err().to_string();
    assert!(
        problems.contains("`imageUpscaler`, a step of another workflow"),
        "{problems}"
    );
}

#[test]
fn names_are_taken_once() {
    let mut request = one_step();
    request.add(Step::z_image("fog").name("hero"));
    request.add(Step::z_image("fog").name(""));
    request.add(Step::z_image("fog").name("a\0b"));
    let expected = ["steps[1].name", "steps[2].name", "steps[3].name"];
    assert_eq!(fields(request.check()), expected);
}

#[test]
fn arguments_must_be_there_under_a_plain_name() {
    let mut request = WorkflowRequest::new();
    request.argument::<Text>("a.b", "x");
    request.argument::<f64>("nan", f64::NAN);
    let foreign = WorkflowRequest::new().argument::<Text>("prompt", "fog");
    request.add(Step::z_image(foreign));
    let expected = ["arguments.a.b", "arguments.nan", "steps[0].input.prompt"];
    assert_eq!(fields(request.check()), expected);
}

#[test]
fn what_is_ephemeral_reaches_somebody() {
    let events = || [CallbackEvent::WorkflowStar];
    let request = || one_step().ephemeral();
    assert_eq!(fields(request().to_template()), ["ephemeral"]);
    assert_eq!(
        fields(request().allow_unchecked().to_template()),
        ["ephemeral"]
    );
    let heard = request().callback("https://example.com/hook", events());
    assert_eq!(fields(heard.to_template()), [""; 0]);
}

#[test]
fn a_callback_goes_over_tls_or_to_this_machine() {
    for (url, refused, unchecked) in [
        ("https://example.com/hook", false, false),
        ("http://127.0.0.1:8080/hook", false, false),
        ("http://example.com/hook", true, false),
        ("file:///etc/passwd", true, true),
        ("hook", true, true),
    ] {
        let request = one_step().callback(url, [CallbackEvent::StepSucceeded]);
        assert_eq!(request.check().is_err(), refused, "{url}");
        assert_eq!(
            request.allow_unchecked().check().is_err(),
            unchecked,
            "{url}"
        );
    }
}

#[test]
fn what_only_a_limit_forbids_can_be_let_through() {
    let mut request = one_step();
    request.add(Step::upscale_image("https://example.com/a.png").repeats(9));
    request.add(Step::text_to_image(model(), "fog").scheduler("newest".into()));
    let step = serde_json::json!({"$type": "newStep", "input": {}});
    request.add(serde_json::from_value::<types::WorkflowStepTemplate>(step).unwrap());
    let refused = [
        "steps[1].input.numberOfRepeats",
        "steps[2].input.scheduler",
        "steps[3].$type",
    ];
    assert_eq!(fields(request.check()), refused);

    let sent = request.allow_unchecked().to_template().unwrap();
    let sent = serde_json::to_value(sent).unwrap();
    assert_eq!(sent["steps"][1]["input"]["numberOfRepeats"], 9);
    assert_eq!(sent["steps"][2]["input"]["scheduler"], "newest");
    assert_eq!(sent["steps"][3]["$type"], "newStep");
}

#[test]
fn what_is_shown_of_a_request_holds_no_secret() {
    let request = one_step().callback("https://example.com/s3cr3t", []);
    let shown = format!("{request:?} {:?}", request.check());
    assert!(!shown.contains("s3cr3t"), "{shown}");
    assert!(shown.contains("hero"), "{shown}");
}

#[test]
fn what_a_repeated_step_refers_to_is_checked() {
    let mut other = WorkflowRequest::new();
    let foreign = other.add(Step::z_image("fog"));
    let mut request = WorkflowRequest::new().allow_unchecked();
    request.add(Step::repeat("item", &foreign.images(), |_| after("nobody")));
    // An item is known inside its loop and nowhere else.
    request.add(after("item"));
    let film = request.add(Step::z_image("fog").name("film"));
    request.add(Step::repeat("film", &film.images(), |_| {
        Step::upscale_image(film.image(0))
    }));
    let expected = [
        "steps[0].input.for",
        "steps[0].input.template.input.image",
        "steps[1].input.image",
        "steps[3].input.template.input.image",
    ];
    assert_eq!(fields(request.check()), expected);
}
