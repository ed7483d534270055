//! Steps of every area: what the builders make is what the contract has.

use civitai_jobs::workflows::{Step, types};
use civitai_jobs::{Air, WorkflowRequest};

use crate::golden::assert_golden;
use crate::model;

const LINK: &str = "https://example.com/a";

fn lora() -> Air {
    "urn:air:sdxl:lora:civitai:82098@87153".parse().unwrap()
}

#[test]
fn engines_that_make_images() {
    let mut request = WorkflowRequest::new();
    let first = request.add(
        Step::sdxl(&model(), "fog")
            .size(1024, 768)
            .lora(&lora(), 0.7)
            .seed(1),
    );
    request.add(Step::z_image("fog").steps(9).cfg_scale(1.0).quantity(2));
    request.add(Step::qwen_image("fog").negative_prompt("people"));
    request.add(Step::flux2_pro("fog").size(1024, 768).seed(1));
    request.add(Step::gpt_image("fog").output_format(types::ImageGenOutputFormat::Png));
    request.add(Step::nano_banana("red door").images([first.image(0)]));
    request.add(Step::imagen("fog").seed(1));
    request.add(Step::seedream("fog").guidance_scale(2.5));
    request.add(Step::edit_image(first.image(0), "red door").images([LINK]));
    let variant = Step::<types::SdxlVariantImageGenInput>::prompted("fog").model(&model());
    request.add(variant.image(first.image(0)));
    let dev = Step::<types::Flux2DevCreateImageInput>::prompted("fog").lora(&lora(), 1.0);
    request.add(dev.steps(20));
    assert_golden("image_engines", &request);
}

#[test]
fn tools_for_images() {
    let mut request = WorkflowRequest::new();
    let kept = request.add(Step::upload_image(LINK));
    let edges = Step::<types::PreprocessImageCannyInput>::of_image(kept.image());
    let edges = request.add(edges);
    let smaller = types::ResizeTransform {
        target_width: Some(512.into()),
        ..types::ResizeTransform::default()
    };
    request.add(Step::convert_to_webp(edges.image(), 80).transform(smaller));
    request.add(Step::convert_to_jpeg(edges.image(), 90));
    request.add(Step::convert_to_png(edges.image()));
    request.add(Step::<types::VTracerImageToSvgInput>::of_image(
        edges.image(),
    ));
    let webp = types::ImageBackgroundRemovalFormat::Webp;
    request.add(Step::remove_background(kept.image()).format(webp));
    request.add(
        Step::upscale_image(kept.image())
            .upscaler(&model())
            .repeats(3),
    );
    assert_golden("image_tools", &request);
}

#[test]
fn engines_and_tools_for_videos() {
    let mut request = WorkflowRequest::new();
    let hero = request.add(Step::z_image("fog"));
    let film = request.add(Step::animate(hero.image(0), "the fog lifts").duration(5));
    request.add(Step::wan("fog").cfg_scale(5.0).lora(&lora(), 0.5));
    request.add(
        Step::veo3("fog")
            .generate_audio(true)
            .images([hero.image(0)]),
    );
    request.add(Step::kling_v3("fog").image(hero.image(0)));
    request.add(Step::sora("fog").duration(4));
    request.add(Step::vidu_q3("fog").seed(1));
    request.add(
        Step::ltx("fog")
            .size(1280, 704)
            .steps(20)
            .guidance_scale(3.0),
    );
    let (wide, high) = (
        types::SeedanceVideoGenInputAspectRatio::from("16:9"),
        types::SeedanceVideoGenInputResolution::from("720p"),
    );
    request.add(Step::seedance("fog", wide, high, 5));
    let edit = Step::<types::GrokEditVideoInput>::prompted("at night").video(film.video());
    request.add(edit);
    request.add(Step::upscale_video(film.video()).scale_factor(2));
    request.add(Step::interpolate_video(film.video()).factor(2));
    request.add(Step::remove_video_background(film.video()));
    let frames = request.add(Step::extract_frames(film.video()).max_frames(3));
    request.add(Step::upscale_image(frames.frame(2)));
    let size = request.add(Step::video_metadata(film.video()));
    let container = types::ContainerFormat::Mp4;
    request.add(Step::transcode_video(film.video(), container, size.width()));
    assert_golden("video", &request);
}

#[test]
fn speech_music_and_texts() {
    let mut request = WorkflowRequest::new();
    let heard = request.add(Step::transcribe(LINK).language("en").time_stamps(false));
    let better = request.add(
        Step::enhance_prompt("sdxl", heard.text())
            .without("people")
            .instruction("more fog"),
    );
    let story = request.add(
        Step::chat("gpt-4o", better.enhanced_prompt())
            .system("Tell a story.")
            .image(LINK)
            .max_tokens(200),
    );
    let speaker = types::Qwen3CustomVoiceTtsInputSpeaker::from("serena");
    request.add(Step::speak(story.content(0), speaker).instruct("softly"));
    let deep = request.add(Step::speak_as(story.content(0), "an old sailor"));
    request.add(Step::speak_like(
        story.content(0),
        deep.audio(),
        story.content(0),
    ));
    request.add(Step::speak_omni(story.content(0)));
    request.add(Step::music("fog horns", "").seconds(30).seed(7));
    let look = request.add(Step::caption(LINK).custom_instructions("name the weather"));
    let picture = request.add(Step::z_image(look.caption()));
    request.add(Step::caption(picture.image(0)));
    assert_golden("audio_and_text", &request);
}

#[test]
fn training_and_models() {
    let data: Air = "urn:air:other:other:civitai:1@2".parse().unwrap();
    let mut request = WorkflowRequest::new();
    let training = Step::<types::Flux1DevAiToolkitTrainingInput>::train(&data, 24)
        .epochs(5)
        .trigger_word("fogtower")
        .training_steps(1000)
        .learning_rate(0.0004)
        .continue_from(&lora())
        .sample_prompt("fogtower by the sea")
        .sample_prompt("fogtower at night");
    let trained = request.add(training);
    request.add(Step::upscale_image(trained.sample(4, 1)));
    let shape = request.add(Step::text_to_3d("a lighthouse").seed(7));
    request.add(Step::remove_background(shape.thumbnail()));
    request.add(types::EchoInput {
        message: "done".into(),
        ..types::EchoInput::default()
    });
    assert_golden("training_and_models", &request);
}
