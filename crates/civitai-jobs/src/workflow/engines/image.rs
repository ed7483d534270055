//! Engines that make images: where each stands in its union.

use super::unions;

unions! {
    ImageGenInput {
        Comfy(ComfyImageGenInput), Fal(FalImageGenInput),
        Flux1Kontext(Flux1KontextImageGenInput), Flux2(Flux2ImageGenInput),
        Gemini(GeminiImageGenInput), Google(GoogleImageGenInput), Grok(GrokImageGenInput),
        Openai(OpenAiImageGenInput), Qwen(QwenApiImageGenInput), Sdcpp(SdCppImageGenInput),
        Seedream(SeedreamImageGenInput), Wan(WanImageGenInput),
    }
    ComfyImageGenInput {
        Anima(ComfyAnimaImageGenInput), Boogu(ComfyBooguImageGenInput),
        Ernie(ComfyErnieImageGenInput), Flux1(ComfyFlux1ImageGenInput),
        Flux2Dev(ComfyFlux2DevImageGenInput), HidreamO1(ComfyHiDreamImageGenInput),
        Ideogram4(ComfyIdeogram4ImageGenInput), Krea2(ComfyKrea2ImageGenInput),
        Lens(ComfyLensImageGenInput), Mageflow(ComfyMageFlowImageGenInput),
        Sd1(ComfySd1ImageGenInput), Sdxl(ComfySdxlImageGenInput),
    }
    ComfyAnimaImageGenInput {
        CreateImage(ComfyAnimaCreateImageGenInput),
        CreateVariant(ComfyAnimaVariantImageGenInput),
    }
    ComfyBooguImageGenInput {
        Base(ComfyBooguBaseImageGenInput), Edit(ComfyBooguEditImageGenInput),
        EditTurbo(ComfyBooguEditTurboImageGenInput), Turbo(ComfyBooguTurboImageGenInput),
    }
    ComfyBooguBaseImageGenInput {
        CreateImage(ComfyBooguBaseCreateImageGenInput),
    }
    ComfyBooguEditImageGenInput {
        EditImage(ComfyBooguEditImageInput),
    }
    ComfyBooguEditTurboImageGenInput {
        EditImage(ComfyBooguEditTurboImageInput),
    }
    ComfyBooguTurboImageGenInput {
        CreateImage(ComfyBooguTurboCreateImageGenInput),
    }
    ComfyErnieImageGenInput {
        Ernie(ComfyErnieStandardImageGenInput), Turbo(ComfyErnieTurboImageGenInput),
    }
    ComfyErnieStandardImageGenInput {
        CreateImage(ComfyErnieStandardCreateImageGenInput),
    }
    ComfyErnieTurboImageGenInput {
        CreateImage(ComfyErnieTurboCreateImageGenInput),
    }
    ComfyFlux1ImageGenInput {
        CreateImage(ComfyFlux1CreateImageGenInput),
        CreateVariant(ComfyFlux1VariantImageGenInput),
    }
    ComfyFlux2DevImageGenInput {
        CreateImage(ComfyFlux2DevCreateImageInput), EditImage(ComfyFlux2DevEditImageInput),
    }
    ComfyHiDreamImageGenInput {
        HiDreamO1Image(ComfyHiDreamO1ImageGenInput),
        HiDreamO1ImageDev(ComfyHiDreamO1DevImageGenInput),
    }
    ComfyHiDreamO1ImageGenInput {
        CreateImage(ComfyHiDreamO1CreateImageGenInput),
        EditImage(ComfyHiDreamO1EditImageGenInput),
    }
    ComfyHiDreamO1DevImageGenInput {
        CreateImage(ComfyHiDreamO1DevCreateImageGenInput),
        EditImage(ComfyHiDreamO1DevEditImageGenInput),
    }
    ComfyIdeogram4ImageGenInput {
        CreateImage(ComfyIdeogram4CreateImageGenInput),
    }
    ComfyKrea2ImageGenInput {
        Base(ComfyKrea2BaseImageGenInput), Edit(ComfyKrea2EditImageGenInput),
        Raw(ComfyKrea2RawImageGenInput), Turbo(ComfyKrea2TurboImageGenInput),
    }
    ComfyKrea2BaseImageGenInput {
        CreateImage(ComfyKrea2BaseCreateImageGenInput),
    }
    ComfyKrea2EditImageGenInput {
        EditImage(ComfyKrea2EditImageInput),
    }
    ComfyKrea2RawImageGenInput {
        CreateImage(ComfyKrea2RawCreateImageGenInput),
    }
    ComfyKrea2TurboImageGenInput {
        CreateImage(ComfyKrea2TurboCreateImageGenInput),
    }
    ComfyLensImageGenInput {
        Normal(ComfyLensNormalImageGenInput), Turbo(ComfyLensTurboImageGenInput),
    }
    ComfyLensNormalImageGenInput {
        CreateImage(ComfyLensNormalCreateImageGenInput),
    }
    ComfyLensTurboImageGenInput {
        CreateImage(ComfyLensTurboCreateImageGenInput),
    }
    ComfyMageFlowImageGenInput {
        N4b(ComfyMageFlow4bImageGenInput), N4bEdit(ComfyMageFlow4bEditImageGenInput),
        N4bEditTurbo(ComfyMageFlow4bEditTurboImageGenInput),
        N4bTurbo(ComfyMageFlow4bTurboImageGenInput),
    }
    ComfyMageFlow4bImageGenInput {
        CreateImage(ComfyMageFlow4bCreateImageGenInput),
    }
    ComfyMageFlow4bEditImageGenInput {
        EditImage(ComfyMageFlow4bEditImageInput),
    }
    ComfyMageFlow4bEditTurboImageGenInput {
        EditImage(ComfyMageFlow4bEditTurboImageInput),
    }
    ComfyMageFlow4bTurboImageGenInput {
        CreateImage(ComfyMageFlow4bTurboCreateImageGenInput),
    }
    ComfySd1ImageGenInput {
        CreateImage(ComfySd1CreateImageGenInput),
        CreateVariant(ComfySd1VariantImageGenInput),
    }
    ComfySdxlImageGenInput {
        CreateImage(ComfySdxlCreateImageGenInput),
        CreateVariant(ComfySdxlVariantImageGenInput),
    }
    FalImageGenInput {
        Krea2(Krea2FalImageGenInput), MaiImage(MaiImageFalImageGenInput),
        Qwen2(Qwen2FalImageGenInput), Reve(ReveFalImageGenInput),
    }
    Krea2FalImageGenInput {
        CreateImage(Krea2CreateFalImageGenInput),
    }
    MaiImageFalImageGenInput {
        CreateImage(MaiImageCreateFalImageGenInput), EditImage(MaiImageEditFalImageGenInput),
    }
    Qwen2FalImageGenInput {
        CreateImage(Qwen2CreateFalImageGenInput), EditImage(Qwen2EditFalImageGenInput),
        ProCreateImage(Qwen2ProCreateFalImageGenInput),
        ProEditImage(Qwen2ProEditFalImageGenInput),
    }
    ReveFalImageGenInput {
        CreateImage(ReveCreateFalImageGenInput), EditImage(ReveEditFalImageGenInput),
    }
    Flux1KontextImageGenInput {
        Dev(Flux1KontextDevImageGenInput), Max(Flux1KontextMaxImageGenInput),
        Pro(Flux1KontextProImageGenInput),
    }
    Flux2ImageGenInput {
        Dev(Flux2DevImageGenInput), Flex(Flux2FlexImageGenInput),
        Klein(Flux2KleinImageGenInput), Max(Flux2MaxImageGenInput),
        Pro(Flux2ProImageGenInput),
    }
    Flux2DevImageGenInput {
        CreateImage(Flux2DevCreateImageInput), EditImage(Flux2DevEditImageInput),
    }
    Flux2FlexImageGenInput {
        CreateImage(Flux2FlexCreateImageInput), EditImage(Flux2FlexEditImageInput),
    }
    Flux2KleinImageGenInput {
        CreateImage(Flux2KleinCreateImageInput), EditImage(Flux2KleinEditImageInput),
    }
    Flux2MaxImageGenInput {
        CreateImage(Flux2MaxCreateImageInput), EditImage(Flux2MaxEditImageInput),
    }
    Flux2ProImageGenInput {
        CreateImage(Flux2ProCreateImageInput), EditImage(Flux2ProEditImageInput),
    }
    Gemini25FlashImageGenInput {
        CreateImage(Gemini25FlashCreateImageGenInput),
        EditImage(Gemini25FlashEditImageGenInput),
    }
    GoogleImageGenInput {
        Imagen4(Imagen4ImageGenInput), NanoBanana2(NanoBanana2ImageGenInput),
        NanoBanana2Lite(NanoBanana2LiteImageGenInput),
        NanoBananaPro(NanoBananaProImageGenInput),
    }
    OpenAiImageGenInput {
        DallE2(OpenAiDallE2ImageGenInput), DallE3(OpenAiDallE3ImageGenInput),
        GptImage1(OpenAiGpt1ImageGenInput), GptImage1x5(OpenAiGpt15ImageGenInput),
        GptImage2(OpenAiGpt2ImageGenInput),
    }
    OpenAiDallE2ImageGenInput {
        CreateImage(OpenAiDallE2CreateImageGenInput), EditImage(OpenAiDallE2EditImageInput),
    }
    OpenAiDallE3ImageGenInput {
        CreateImage(OpenAiDallE3CreateImageGenInput),
    }
    OpenAiGpt1ImageGenInput {
        CreateImage(OpenAiGpt1CreateImageInput), EditImage(OpenAiGpt1EditImageInput),
    }
    OpenAiGpt15ImageGenInput {
        CreateImage(OpenAiGpt15CreateImageInput), EditImage(OpenAiGpt15EditImageInput),
    }
    OpenAiGpt2ImageGenInput {
        CreateImage(OpenAiGpt2CreateImageInput), EditImage(OpenAiGpt2EditImageInput),
    }
    QwenApiImageGenInput {
        CreateImage(QwenApiCreateImageGenInput), EditImage(QwenApiEditImageGenInput),
    }
    SdCppImageGenInput {
        Anima(AnimaImageGenInput), Flux1(Flux1SdCppImageGenInput),
        Flux2Dev(Flux2DevSdCppImageGenInput), Flux2Klein(Flux2KleinSdCppImageGenInput),
        Qwen(QwenImageGenInput), Sd1(Sd1ImageGenInput), Sdxl(SdxlImageGenInput),
        ZImage(ZImageImageGenInput),
    }
    AnimaImageGenInput {
        CreateImage(AnimaCreateImageGenInput), CreateVariant(AnimaVariantImageGenInput),
    }
    Flux1SdCppImageGenInput {
        CreateImage(Flux1SdCppCreateImageInput),
        CreateVariant(Flux1SdCppVariantImageGenInput), EditImage(Flux1SdCppEditImageInput),
    }
    Flux2DevSdCppImageGenInput {
        CreateImage(Flux2DevSdCppCreateImageInput),
        CreateVariant(Flux2DevSdCppVariantImageGenInput),
        EditImage(Flux2DevSdCppEditImageInput),
    }
    Flux2KleinSdCppImageGenInput {
        CreateImage(Flux2KleinSdCppCreateImageInput),
        CreateVariant(Flux2KleinSdCppVariantImageGenInput),
        EditImage(Flux2KleinSdCppEditImageInput),
    }
    QwenImageGenInput {
        N20b(Qwen20bImageGenInput),
    }
    Qwen20bImageGenInput {
        CreateImage(Qwen20bCreateImageGenInput), CreateVariant(Qwen20bVariantImageGenInput),
        EditImage(Qwen20bEditImageGenInput),
    }
    Sd1ImageGenInput {
        CreateImage(Sd1CreateImageGenInput), CreateVariant(Sd1VariantImageGenInput),
    }
    SdxlImageGenInput {
        CreateImage(SdxlCreateImageGenInput), CreateVariant(SdxlVariantImageGenInput),
    }
    ZImageImageGenInput {
        Base(ZImageBaseImageGenInput), Turbo(ZImageTurboImageGenInput),
    }
    ZImageBaseImageGenInput {
        CreateImage(ZImageBaseCreateImageGenInput),
    }
    ZImageTurboImageGenInput {
        CreateImage(ZImageTurboCreateImageGenInput),
    }
    WanImageGenInput {
        V2x2(Wan22ImageGenInput), V2x5(Wan25ImageGenInput),
        V2x7(Wan27ImageGenInput),
    }
    Wan22ImageGenInput {
        Fal(Wan22FalImageGenInput),
    }
    Wan225bImageGenInput {
        Fal(Wan225bFalImageGenInput),
    }
    Wan25ImageGenInput {
        Fal(Wan25FalImageGenInput),
    }
    Wan25FalImageGenInput {
        ImageToImage(Wan25FalImageToImageInput), TextToImage(Wan25FalTextToImageInput),
    }
    Wan27ImageGenInput {
        Fal(Wan27FalImageGenInput),
    }
    Wan27FalImageGenInput {
        CreateImage(Wan27FalTextToImageInput), EditImage(Wan27FalImageEditInput),
    }
}
