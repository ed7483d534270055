//! What each engine that makes images, or draws after one, can be told.

use super::*;

members! {
    [prompted prompt negative_prompt size steps cfg_scale seed64 quantity lora_map
        output_format]
        ComfyAnimaCreateImageGenInput ComfyBooguBaseCreateImageGenInput
        ComfyBooguTurboCreateImageGenInput ComfyErnieStandardCreateImageGenInput
        ComfyErnieTurboCreateImageGenInput ComfyFlux2DevCreateImageInput
        ComfyHiDreamO1CreateImageGenInput ComfyHiDreamO1DevCreateImageGenInput
        ComfyKrea2BaseCreateImageGenInput ComfyKrea2RawCreateImageGenInput
        ComfyKrea2TurboCreateImageGenInput ComfyLensNormalCreateImageGenInput
        ComfyLensTurboCreateImageGenInput ComfyMageFlow4bCreateImageGenInput
        ComfyMageFlow4bTurboCreateImageGenInput Flux2KleinCreateImageInput
        AnimaCreateImageGenInput Flux1SdCppCreateImageInput Flux2DevSdCppCreateImageInput
        Flux2KleinSdCppCreateImageInput Qwen20bCreateImageGenInput
        ZImageBaseCreateImageGenInput ZImageTurboCreateImageGenInput;
    [prompted prompt negative_prompt image size steps cfg_scale seed64 quantity lora_map
        output_format]
        ComfyAnimaVariantImageGenInput AnimaVariantImageGenInput
        Flux1SdCppVariantImageGenInput Flux2DevSdCppVariantImageGenInput
        Flux2KleinSdCppVariantImageGenInput Qwen20bVariantImageGenInput;
    [prompted prompt negative_prompt images size steps cfg_scale seed64 quantity lora_map
        output_format]
        ComfyBooguEditImageInput ComfyBooguEditTurboImageInput ComfyFlux2DevEditImageInput
        ComfyHiDreamO1EditImageGenInput ComfyHiDreamO1DevEditImageGenInput
        ComfyKrea2EditImageInput ComfyMageFlow4bEditImageInput
        ComfyMageFlow4bEditTurboImageInput Flux2KleinEditImageInput Flux1SdCppEditImageInput
        Flux2DevSdCppEditImageInput Flux2KleinSdCppEditImageInput Qwen20bEditImageGenInput;
    [prompted prompt model size steps cfg_scale seed64 quantity lora_map output_format]
        ComfyFlux1CreateImageGenInput;
    [prompted prompt model image size steps cfg_scale seed64 quantity lora_map
        output_format]
        ComfyFlux1VariantImageGenInput;
    [prompted prompt size steps cfg_scale seed64 quantity lora_map output_format]
        ComfyIdeogram4CreateImageGenInput;
    [prompted prompt negative_prompt model size steps cfg_scale seed64 quantity lora_map
        output_format]
        ComfySd1CreateImageGenInput ComfySdxlCreateImageGenInput Sd1CreateImageGenInput
        SdxlCreateImageGenInput;
    [prompted prompt negative_prompt model image size steps cfg_scale seed64 quantity
        lora_map output_format]
        ComfySd1VariantImageGenInput ComfySdxlVariantImageGenInput Sd1VariantImageGenInput
        SdxlVariantImageGenInput;
    [prompted prompt images guidance_scale seed64 quantity output_format]
        Flux1KontextDevImageGenInput Flux1KontextMaxImageGenInput
        Flux1KontextProImageGenInput;
    [prompted prompt size num_inference_steps guidance_scale seed64 quantity image_loras
        output_format]
        Flux2DevCreateImageInput;
    [prompted prompt images size num_inference_steps guidance_scale seed64 quantity
        image_loras output_format]
        Flux2DevEditImageInput;
    [prompted prompt size num_inference_steps guidance_scale seed64 quantity output_format]
        Flux2FlexCreateImageInput;
    [prompted prompt images size num_inference_steps guidance_scale seed64 quantity
        output_format]
        Flux2FlexEditImageInput;
    [prompted prompt size seed64 quantity output_format]
        Flux2MaxCreateImageInput Flux2ProCreateImageInput;
    [prompted prompt images size seed64 quantity output_format]
        Flux2MaxEditImageInput Flux2ProEditImageInput;
    [prompted prompt negative_prompt seed64 output_format]
        Imagen4ImageGenInput;
    [prompted prompt seed32 quantity output_format]
        Krea2CreateFalImageGenInput;
    [prompted prompt quantity output_format]
        MaiImageCreateFalImageGenInput ReveCreateFalImageGenInput
        Gemini25FlashCreateImageGenInput GrokCreateImageGenInput OpenAiGpt1CreateImageInput
        OpenAiGpt15CreateImageInput;
    [prompted prompt images quantity output_format]
        MaiImageEditFalImageGenInput ReveEditFalImageGenInput Gemini25FlashEditImageGenInput
        GrokEditImageGenInput OpenAiGpt1EditImageInput OpenAiGpt15EditImageInput;
    [prompted prompt images seed32 output_format]
        NanoBanana2ImageGenInput;
    [prompted prompt images seed32 output_format]
        NanoBanana2LiteImageGenInput;
    [prompted prompt images output_format]
        NanoBananaProImageGenInput;
    [prompt image seed64]
        OmniSvgImageToSvgInput;
    [prompt quantity output_format]
        OpenAiDallE2CreateImageGenInput;
    [prompt image quantity output_format]
        OpenAiDallE2EditImageInput;
    [prompt output_format]
        OpenAiDallE3CreateImageGenInput;
    [prompted prompt size quantity output_format]
        OpenAiGpt2CreateImageInput;
    [prompted prompt images size quantity output_format]
        OpenAiGpt2EditImageInput;
    [image seed32]
        PreprocessImageShuffleInput;
    [prompted prompt negative_prompt seed32 quantity output_format]
        Qwen2CreateFalImageGenInput Qwen2ProCreateFalImageGenInput;
    [prompted prompt negative_prompt images seed32 quantity output_format]
        Qwen2EditFalImageGenInput Qwen2ProEditFalImageGenInput;
    [prompted prompt negative_prompt size seed32 quantity output_format]
        QwenApiCreateImageGenInput;
    [prompted prompt negative_prompt images size seed32 quantity output_format]
        QwenApiEditImageGenInput;
    [prompted prompt images size guidance_scale seed32 quantity output_format]
        SeedreamImageGenInput;
    [image]
        StarVectorImageToSvgInput VTracerImageToSvgInput PreprocessImageAnimalPoseInput
        PreprocessImageAnylineInput PreprocessImageBaeNormalInput PreprocessImageBinaryInput
        PreprocessImageCannyInput PreprocessImageColorInput PreprocessImageDensePoseInput
        PreprocessImageDepthAnythingInput PreprocessImageDepthAnythingV2Input
        PreprocessImageDsineNormalInput PreprocessImageDwPoseInput
        PreprocessImageFakeScribbleInput PreprocessImageHedInput
        PreprocessImageLeresDepthInput PreprocessImageAnimeLineartInput
        PreprocessImageMangaLineartInput PreprocessImageRealisticLineartInput
        PreprocessImageStandardLineartInput PreprocessImageMediaPipeFaceInput
        PreprocessImageMetric3dDepthInput PreprocessImageMetric3dNormalInput
        PreprocessImageMidasDepthInput PreprocessImageMidasNormalInput
        PreprocessImageMlsdInput PreprocessImageOneFormerAde20kInput
        PreprocessImageOneFormerCocoInput PreprocessImageOpenPoseInput
        PreprocessImagePidinetInput PreprocessImageScribbleInput
        PreprocessImageScribblePidinetInput PreprocessImageScribbleXdogInput
        PreprocessImageTeedInput PreprocessImageTileInput PreprocessImageUniFormerInput
        PreprocessImageZoeDepthInput PreprocessImageZoeDepthAnythingInput;
    [prompt negative_prompt model source_image size steps cfg_scale seed64 quantity]
        TextToImageInput;
    [prompted prompt negative_prompt steps guidance_scale seed32 quantity image_loras
        output_format]
        Wan22FalImageGenInput Wan225bFalImageGenInput;
    [prompted prompt negative_prompt images guidance_scale seed32 quantity image_loras
        output_format]
        Wan25FalImageToImageInput Wan27FalImageEditInput;
    [prompted prompt negative_prompt guidance_scale seed32 quantity image_loras
        output_format]
        Wan25FalTextToImageInput Wan27FalTextToImageInput;
}
