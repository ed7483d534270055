//! Engines that make videos: where each stands in its union.

use super::unions;

unions! {
    VideoGenInput {
        Flux(Flux3VideoGenInput), Grok(GrokVideoGenInput), Haiper(HaiperVideoGenInput),
        HappyHorse(HappyHorseVideoGenInput), Hunyuan(HunyuanVdeoGenInput),
        Kling(KlingVideoGenInput), KlingV3(KlingV3VideoGenInput),
        Lightricks(LightricksVideoGenInput), Ltx2(ComfyLtx2VideoGenInput),
        Ltx2x3(ComfyLtx23VideoGenInput), Minimax(MiniMaxVideoGenInput),
        MinimaxH3(MiniMaxH3VideoGenInput), MinimaxH3Comfy(ComfyMiniMaxH3VideoGenInput),
        Mochi(MochiVideoGenInput), Seedance(SeedanceVideoGenInput), Sora(SoraVideoGenInput),
        Veo3(Veo3VideoGenInput), Vidu(ViduVideoGenInput), ViduQ3(ViduQ3VideoGenInput),
        Wan(WanVideoGenInput),
    }
    Flux3VideoGenInput {
        V3x0(Flux3V3VideoGenInput),
    }
    Flux3V3VideoGenInput {
        DraftEnhance(Flux3V3DraftEnhanceInput), ExtendVideo(Flux3V3ExtendVideoInput),
        FirstLastFrameToVideo(Flux3V3FirstLastFrameToVideoInput),
        ImageToVideo(Flux3V3ImageToVideoInput),
        KeyframesToVideo(Flux3V3KeyframesToVideoInput), TextToVideo(Flux3V3TextToVideoInput),
    }
    GrokVideoGenInput {
        EditVideo(GrokEditVideoInput), ImageToVideo(GrokImageToVideoInput),
        ImageToVideo2(GrokV15ImageToVideoInput),
        ReferenceToVideo(GrokV15ReferenceToVideoInput), TextToVideo(GrokTextToVideoInput),
        TextToVideo2(GrokV15TextToVideoInput),
    }
    HappyHorseVideoGenInput {
        V1x0(HappyHorseV1VideoGenInput), V1x1(HappyHorseV1x1VideoGenInput),
    }
    HappyHorseV1VideoGenInput {
        ImageToVideo(HappyHorseV1ImageToVideoInput),
        ReferenceToVideo(HappyHorseV1ReferenceToVideoInput),
        TextToVideo(HappyHorseV1TextToVideoInput), VideoEdit(HappyHorseV1VideoEditInput),
    }
    HappyHorseV1x1VideoGenInput {
        ImageToVideo(HappyHorseV1x1ImageToVideoInput),
        ReferenceToVideo(HappyHorseV1x1ReferenceToVideoInput),
        TextToVideo(HappyHorseV1x1TextToVideoInput),
    }
    ComfyLtx2VideoGenInput {
        CreateVideo(ComfyLtx2CreateVideoInput), EditVideo(ComfyLtx2EditVideoInput),
        ExtendVideo(ComfyLtx2ExtendVideoInput),
        FirstLastFrameToVideo(ComfyLtx2FirstLastFrameToVideoInput),
    }
    ComfyLtx23VideoGenInput {
        AudioToVideo(ComfyLtx23AudioToVideoInput), CreateVideo(ComfyLtx23CreateVideoInput),
        EditVideo(ComfyLtx23EditVideoInput), ExtendVideo(ComfyLtx23ExtendVideoInput),
        FirstLastFrameToVideo(ComfyLtx23FirstLastFrameToVideoInput),
        VideoToVideo(ComfyLtx23VideoToVideoInput),
    }
    ComfyMiniMaxH3VideoGenInput {
        ImageToVideo(ComfyMiniMaxH3ImageToVideoInput),
        ReferenceToVideo(ComfyMiniMaxH3ReferenceToVideoInput),
    }
    SoraVideoGenInput {
        ImageToVideo(Sora2ImageToVideoInput), TextToVideo(Sora2TextToVideoInput),
    }
    WanVideoGenInput {
        V2x1(Wan21VideoGenInput), V2x2(Wan22VideoGenInput), V2x2x5b(Wan225bVideoGenInput),
        V2x5(Wan25VideoGenInput), V2x6(Wan26VideoGenInput), V2x7(Wan27VideoGenInput),
    }
    Wan21VideoGenInput {
        Civitai(Wan21CivitaiVideoGenInput), Fal(Wan21FalVideoGenInput),
    }
    Wan22VideoGenInput {
        Comfy(Wan22ComfyVideoGenInput), Fal(Wan22FalVideoGenInput),
    }
    Wan22FalVideoGenInput {
        ImageToVideo(Wan22FalImageToVideoInput), TextToVideo(Wan22FalTextToVideoInput),
    }
    Wan225bVideoGenInput {
        Fal(Wan225bFalVideoGenInput),
    }
    Wan225bFalVideoGenInput {
        ImageToVideo(Wan225bFalImageToVideoInput), TextToVideo(Wan225bFalTextToVideoInput),
    }
    Wan25VideoGenInput {
        Fal(Wan25FalVideoGenInput),
    }
    Wan25FalVideoGenInput {
        ImageToVideo(Wan25FalImageToVideoInput), TextToVideo(Wan25FalTextToVideoInput),
    }
    Wan26VideoGenInput {
        Fal(Wan26FalVideoGenInput),
    }
    Wan26FalVideoGenInput {
        ImageToVideo(Wan26FalImageToVideoInput),
        ReferenceToVideo(Wan26FalReferenceToVideoInput),
        TextToVideo(Wan26FalTextToVideoInput),
    }
    Wan27VideoGenInput {
        Fal(Wan27FalVideoGenInput),
    }
    Wan27FalVideoGenInput {
        EditVideo(Wan27FalEditVideoInput), ImageToVideo(Wan27FalImageToVideoInput),
        ReferenceToVideo(Wan27FalReferenceToVideoInput),
        TextToVideo(Wan27FalTextToVideoInput),
    }
}
