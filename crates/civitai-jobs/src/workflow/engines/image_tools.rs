//! What draws, looks for outlines, and converts: where each stands in its union.

use super::unions;

unions! {
    ImageToSvgInput {
        Comfy(ComfyImageToSvgInput),
    }
    ComfyImageToSvgInput {
        Omnisvg(OmniSvgImageToSvgInput), Starvector(StarVectorImageToSvgInput),
        Vtracer(VTracerImageToSvgInput),
    }
    PreprocessImageInput {
        AnimalPose(PreprocessImageAnimalPoseInput), Anyline(PreprocessImageAnylineInput),
        BaeNormal(PreprocessImageBaeNormalInput), Binary(PreprocessImageBinaryInput),
        Canny(PreprocessImageCannyInput), Color(PreprocessImageColorInput),
        Densepose(PreprocessImageDensePoseInput),
        DepthAnything(PreprocessImageDepthAnythingInput),
        DepthAnythingV2(PreprocessImageDepthAnythingV2Input),
        DsineNormal(PreprocessImageDsineNormalInput), Dwpose(PreprocessImageDwPoseInput),
        FakeScribble(PreprocessImageFakeScribbleInput), Hed(PreprocessImageHedInput),
        LeresDepth(PreprocessImageLeresDepthInput),
        LineartAnime(PreprocessImageAnimeLineartInput),
        LineartManga(PreprocessImageMangaLineartInput),
        LineartRealistic(PreprocessImageRealisticLineartInput),
        LineartStandard(PreprocessImageStandardLineartInput),
        MediapipeFace(PreprocessImageMediaPipeFaceInput),
        Metric3dDepth(PreprocessImageMetric3dDepthInput),
        Metric3dNormal(PreprocessImageMetric3dNormalInput),
        MidasDepth(PreprocessImageMidasDepthInput),
        MidasNormal(PreprocessImageMidasNormalInput), Mlsd(PreprocessImageMlsdInput),
        OneformerAde20k(PreprocessImageOneFormerAde20kInput),
        OneformerCoco(PreprocessImageOneFormerCocoInput),
        Openpose(PreprocessImageOpenPoseInput), Pidinet(PreprocessImagePidinetInput),
        Scribble(PreprocessImageScribbleInput),
        ScribblePidinet(PreprocessImageScribblePidinetInput),
        ScribbleXdog(PreprocessImageScribbleXdogInput),
        Shuffle(PreprocessImageShuffleInput), Teed(PreprocessImageTeedInput),
        Tile(PreprocessImageTileInput), Uniformer(PreprocessImageUniFormerInput),
        ZoeDepth(PreprocessImageZoeDepthInput),
        ZoeDepthAnything(PreprocessImageZoeDepthAnythingInput),
    }
    ImageOutputFormat {
        Gif(GifOutputFormat), Jpeg(JpegOutputFormat), Png(PngOutputFormat),
        Webp(WebpOutputFormat),
    }
    ImageTransform {
        Blur(BlurTransform), Resize(ResizeTransform),
    }
}
