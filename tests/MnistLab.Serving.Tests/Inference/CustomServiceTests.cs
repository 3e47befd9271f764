using MnistLab.Data.Images;
using MnistLab.Models;

namespace MnistLab.Serving.Tests;

[Collection("one after the other")]
public sealed class CustomServiceTests(FastModel fast)
{
    [Fact]
    public void Predict_WithInheritedSteps_SaysWhatTheStepsSay()
    {
        using var model = DigitModel.Load(Path.Combine(fast.Package, PackageFiles.Model));
        var inherited = new Inherited();
        inherited.Use(model);
        for (var i = 0; i < 100; i++)
        {
            var picture = DigitImage.FromPixels(TrainedModel.Digits.Test.Image(i)).ToPng();
            var logits = inherited.Inference(inherited.Preprocess(new MemoryStream(picture)));
            var (step, whole) = (inherited.Postprocess(logits), inherited.Predict(new MemoryStream(picture)));
            Assert.Equal(step.PredictedLabel, whole.PredictedLabel);
            Assert.Equal(step.Scores, whole.Scores);
        }
    }

    [Fact]
    public void Predict_WithOwnSteps_TakesThem()
    {
        using var model = DigitModel.Load(Path.Combine(fast.Package, PackageFiles.Model));
        var picture = DigitImage.FromPixels(TrainedModel.Digits.Test.Image(0)).ToPng();
        foreach (var service in new CustomService[] { new OwnPreprocess(), new OwnInference() })
        {
            service.Use(model);
            service.Predict(new MemoryStream(picture));
            Assert.Equal(1, ((ICounts)service).Calls);
        }
    }

    private interface ICounts
    {
        int Calls { get; }
    }

    private sealed class Inherited : CustomService;

    private sealed class OwnPreprocess : CustomService, ICounts
    {
        public int Calls { get; private set; }

        public override float[] Preprocess(Stream picture)
        {
            Calls++;
            return base.Preprocess(picture);
        }
    }

    private sealed class OwnInference : CustomService, ICounts
    {
        public int Calls { get; private set; }

        public override float[] Inference(float[] pixels)
        {
            Calls++;
            return base.Inference(pixels);
        }
    }
}
