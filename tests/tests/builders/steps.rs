//! Every function that makes a step.

use civitai_jobs::workflows::{Step, WorkflowRequest, types};

use crate::draw::Draw;
use crate::setters::{Told, Untold as _, setters, tell};

/// Makes a step, tells it some of what it can be told where that is asked for, and adds it.
pub(crate) type Make = fn(&mut Draw, &mut WorkflowRequest, bool) -> bool;

macro_rules! made {
    ($($make:ident |$draw:ident| $step:expr;)*) => {
        pub(crate) const MADE: &[(&str, Make)] = &[$(
            (stringify!($make), |$draw, request, tells| {
                let mut step = Told($step);
                if tells {
                    setters!(tell(step, $draw));
                }
                step.add_to(request)
            }),
        )*];
    };
}

made! {
    new |draw| Step::new(types::EchoInput { message: draw.text().into(), ..Default::default() });
    // All that these can make is made of the engines.
    prompted |draw| Step::<types::SdxlVariantImageGenInput>::prompted(draw.told()).model(&draw.air()).image(draw.file());
    of_image |draw| Step::<types::PreprocessImageCannyInput>::of_image(draw.file());
    train |draw| Step::<types::SdxlAiToolkitTrainingInput>::train(&draw.air(), 24);

    text_to_image |draw| Step::text_to_image(draw.air(), draw.told());
    z_image |draw| Step::z_image(draw.told());
    qwen_image |draw| Step::qwen_image(draw.told());
    flux2_pro |draw| Step::flux2_pro(draw.told());
    gpt_image |draw| Step::gpt_image(draw.told());
    nano_banana |draw| Step::nano_banana(draw.told());
    imagen |draw| Step::imagen(draw.told());
    seedream |draw| Step::seedream(draw.told());
    sdxl |draw| Step::sdxl(&draw.air(), draw.told());
    edit_image |draw| Step::edit_image(draw.file(), draw.told());
    upscale_image |draw| Step::upscale_image(draw.file());
    remove_background |draw| Step::remove_background(draw.file());
    convert_image |draw| Step::convert_image(draw.file(), types::GifOutputFormat::default());
    convert_to_png |draw| Step::convert_to_png(draw.file());
    convert_to_jpeg |draw| Step::convert_to_jpeg(draw.file(), draw.number());
    convert_to_webp |draw| Step::convert_to_webp(draw.file(), draw.number());
    upload_image |draw| Step::upload_image(draw.file());

    veo3 |draw| Step::veo3(draw.told());
    kling_v3 |draw| Step::kling_v3(draw.told());
    sora |draw| Step::sora(draw.told());
    vidu_q3 |draw| Step::vidu_q3(draw.told());
    ltx |draw| Step::ltx(draw.told());
    wan |draw| Step::wan(draw.told());
    animate |draw| Step::animate(draw.file(), draw.told());
    seedance |draw| Step::seedance(draw.told(), "16:9".into(), "720p".into(), draw.number());
    upscale_video |draw| Step::upscale_video(draw.file());
    interpolate_video |draw| Step::interpolate_video(draw.file());
    remove_video_background |draw| Step::remove_video_background(draw.file());
    extract_frames |draw| Step::extract_frames(draw.file());
    video_metadata |draw| Step::video_metadata(draw.file());
    transcode_video |draw| Step::transcode_video(draw.file(), types::ContainerFormat::Mp4, draw.whole());

    speak |draw| Step::speak(draw.told(), "serena".into());
    speak_as |draw| Step::speak_as(draw.told(), draw.told());
    speak_like |draw| Step::speak_like(draw.told(), draw.file(), draw.told());
    speak_omni |draw| Step::speak_omni(draw.told());
    transcribe |draw| Step::transcribe(draw.file());
    music |draw| Step::music(draw.told(), draw.told());

    chat |draw| Step::chat(draw.word(), draw.told());
    enhance_prompt |draw| Step::enhance_prompt(draw.word(), draw.told());
    caption |draw| Step::caption(draw.file());
    text_to_3d |draw| Step::text_to_3d(draw.told());
}
