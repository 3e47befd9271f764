using MnistLab.Models;
using MnistLab.Models.Registry;
using MnistLab.Storage;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

public sealed class ModelRegistryTests(TrainedModel trained)
{
    private readonly ModelRegistry _registry = new(trained.Store, ObjectUrl.Parse($"s3://bucket/models-{Guid.NewGuid():N}/"));

    [Fact]
    public async Task Import_ATrainedModel_PublishesTheNextVersionWithItsMetrics()
    {
        var first = await _registry.ImportAsync("digits", trained.Output);
        var second = await _registry.ImportAsync("digits", trained.Output);

        Assert.Equal((ModelStatus.Published, "0.0.1", "0.0.2"), (first.Status, $"{first.Version}", $"{second.Version}"));
        Assert.NotNull(first.Metrics);
        Assert.Equal([first.Version, second.Version], (await _registry.ListAsync("digits")).Select(model => model.Version));
        Assert.Equal(second.Version, (await _registry.GetAsync("digits"))!.Version);
        Assert.NotNull(await trained.Store.HeadAsync(first.Package / "model.onnx"));
    }

    [Fact]
    public async Task Import_FromTheModelFolderItself_NamesTheParent()
    {
        var error = await Assert.ThrowsAsync<ModelImportException>(() => _registry.ImportAsync("digits", trained.Output / "model/"));

        Assert.Equal(ModelImportError.ModelFolderItself, error.Error);
        Assert.Contains($"{trained.Output}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_FromTheFolderOfAllVersions_NamesTheVersion() =>
        Assert.Contains($"{trained.Output}", (await Assert.ThrowsAsync<ModelImportException>(
            () => _registry.ImportAsync("digits", trained.Output.Parent))).Message, StringComparison.Ordinal);

    public static TheoryData<string, string?, ModelImportError> Damages => new()
    {
        { "model/config.json", null, ModelImportError.ConfigMissing },
        { "model/config.json", "{", ModelImportError.ConfigMalformed },
        { "model/config.json", "{}", ModelImportError.ConfigMalformed },
        { "model/config.json", """{ "model_algorithm": "softmax", "model_type": "ONNX", "runtime": "onnxruntime", "apis": {} }""", ModelImportError.ConfigMalformed },
        { "model/config.json", """{ "model_algorithm": "1softmax", "model_type": "ONNX", "runtime": "onnxruntime" }""", ModelImportError.ConfigMalformed },
        { "model/config.json", """{ "model_algorithm": "softmax", "model_type": "ONNX", "runtime": "onnxruntime", "dependencies": [ { "installer": "pip" } ] }""", ModelImportError.ConfigMalformed },
        { "model/config.json", """{ "model_algorithm": "softmax", "model_type": "ONNX", "runtime": "onnxruntime", "health": { "url": 1 } }""", ModelImportError.ConfigMalformed },
        { "model/config.json", """{ "model_algorithm": "softmax", "model_type": "ONNX", "runtime": "onnxruntime", "labels": [ "Shirt", "Coat" ] }""", ModelImportError.ModelMismatch },
        { "model/more/config.json", "{}", ModelImportError.ConfigMisplaced },
        { "model/model.onnx", null, ModelImportError.ModelMissing },
        { "model/model.onnx", "no model", ModelImportError.ModelMalformed },
        { "model/customize_service.cs", null, ModelImportError.InferenceCodeMissing },
        { "model/customize_service.cs", "public class Broken {", ModelImportError.InferenceCodeInvalid },
        { "model/customize_service.cs", "public class Other { }", ModelImportError.InferenceCodeInvalid },
        { "model/second.cs", "public class Second { }", ModelImportError.InferenceCodeAmbiguous },
        {
            "model/customize_service.cs",
            "public sealed class Fails : MnistLab.Models.CustomService { public override float[] Inference(float[] pixels) => throw new System.InvalidOperationException(\"boom\"); }",
            ModelImportError.ProbeFailed
        },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Import_ADamagedPackage_SaysWhatIsWrongAndRecordsTheFailure(string key, string? content, ModelImportError expected)
    {
        var output = await trained.CopyAsync();
        if (content is null) await trained.Store.DeleteAsync(output / key);
        else await trained.Store.PutTextAsync(output / key, content);

        var error = await Assert.ThrowsAsync<ModelImportException>(() => _registry.ImportAsync("damaged", output));

        Assert.Equal(expected, error.Error);
        var version = Assert.Single(await _registry.ListAsync("damaged"));
        Assert.Equal((expected == ModelImportError.InferenceCodeInvalid
            ? ModelStatus.BuildingFailed
            : ModelStatus.Failed, error.Message), (version.Status, version.Reason));
        Assert.Null(await _registry.GetAsync("damaged"));
    }

    [Fact]
    public async Task Import_NothingThere_SaysSo() =>
        Assert.Equal(ModelImportError.NotFound, (await Assert.ThrowsAsync<ModelImportException>(
            () => _registry.ImportAsync("digits", ObjectUrl.Parse("s3://bucket/none/")))).Error);

    [Fact]
    public async Task Import_ConfigBesideTheModelFolder_SaysWhereItBelongs()
    {
        var output = await trained.CopyAsync();
        await trained.Store.CopyAsync(output / "model/config.json", output / "config.json");
        await trained.Store.DeleteAsync(output / "model/config.json");

        var error = await Assert.ThrowsAsync<ModelImportException>(() => _registry.ImportAsync("digits", output));

        Assert.Equal(ModelImportError.ConfigMisplaced, error.Error);
        Assert.Contains($"{output}model/config.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_AnUnknownOperator_NamesIt()
    {
        var error = await Assert.ThrowsAsync<ModelImportException>(async () =>
            await _registry.ImportAsync("digits", await ChangedModelAsync("Gemm"u8.ToArray(), "Gexm"u8.ToArray())));

        Assert.Equal(ModelImportError.UnknownOperator, error.Error);
        Assert.Contains("'Gexm'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_AnInputOfAnotherShape_TellsBothShapes()
    {
        // Two consecutive dimensions of 28 become 14 and 56: the number of pixels is the same, so that the rest of the
        // network still fits.
        byte[] before = [0x0A, 2, 8, 28, 0x0A, 2, 8, 28], after = [0x0A, 2, 8, 14, 0x0A, 2, 8, 56];

        var error = await Assert.ThrowsAsync<ModelImportException>(
            async () => await _registry.ImportAsync("digits", await ChangedModelAsync(before, after)));

        Assert.Equal(ModelImportError.ModelMismatch, error.Error);
        Assert.Contains("[N, 1, 28, 28]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[N, 1, 14, 56]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_CodeThatDoesNotCompile_NamesTheLine()
    {
        var output = await trained.CopyAsync();
        await trained.Store.PutTextAsync(
            output / "model/customize_service.cs",
            "using MnistLab.Models;\n\npublic sealed class Service : CustomService\n{\n    public override float[] Preprocess(Stream picture) => nothing;\n}\n");

        var error = await Assert.ThrowsAsync<ModelImportException>(() => _registry.ImportAsync("digits", output));

        Assert.Contains("customize_service.cs(5,59): error CS0103", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_CodeThatFailsAtRunTime_NamesTheLine()
    {
        var output = await trained.CopyAsync();
        await trained.Store.PutTextAsync(
            output / "model/customize_service.cs",
            "using MnistLab.Models;\n\npublic sealed class Service : CustomService\n{\n    public override float[] Preprocess(Stream picture) => [1 / (int)(picture.Length - picture.Length)];\n}\n");

        var error = await Assert.ThrowsAsync<ModelImportException>(() => _registry.ImportAsync("digits", output));

        Assert.Equal(ModelImportError.ProbeFailed, error.Error);
        Assert.Contains("in line 5: DivideByZeroException", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_WithoutCodeButWithTheDefault_PredictsAsTrainingDid()
    {
        var output = await trained.CopyAsync();
        await trained.Store.DeleteAsync(output / "model/customize_service.cs");

        var model = await _registry.ImportAsync("digits", output, new ModelImportOptions { DefaultInferenceCode = true });

        using var folder = new TemporaryFolder();
        await trained.Store.DownloadFolderAsync(model.Location, folder.Path);
        using var package = LoadedModel.Open(folder["model"]);
        var right = Enumerable.Range(0, 100).Count(i => package.Predict(
            new MemoryStream(ServiceLab.Png(i))).PredictedLabel == $"{TrainedModel.Digits.Test.Label(i)}");
        Assert.InRange(right, 75, 100);
    }

    [Fact]
    public async Task Import_Compiles_SoThatOpeningNeedsNoCompiler()
    {
        var model = await _registry.ImportAsync("digits", trained.Output);
        using var folder = new TemporaryFolder();
        await trained.Store.DownloadFolderAsync(model.Location, folder.Path);
        var compiled = Assert.Single(Directory.GetFiles(folder["compiled"], "*.dll"));
        var written = File.GetLastWriteTimeUtc(compiled);

        LoadedModel.Open(folder["model"]).Dispose();
        var afterOpening = File.GetLastWriteTimeUtc(compiled);
        File.WriteAllText(compiled, "damaged");
        LoadedModel.Open(folder["model"]).Dispose();

        Assert.Equal(written, afterOpening);
        Assert.True(new FileInfo(compiled).Length > 1000, "What is damaged is compiled again.");
    }

    [Fact]
    public async Task Import_AsAVersionWithADescription_KeepsBothAndRefusesTheSameAgain()
    {
        var options = new ModelImportOptions { Version = new ModelVersion(1, 0, 0), Description = "the first good one" };

        await _registry.ImportAsync("digits", trained.Output, options);
        var next = await _registry.ImportAsync("digits", trained.Output);
        var taken = await Assert.ThrowsAsync<ModelRegistryException>(() => _registry.ImportAsync("digits", trained.Output, options));
        await Assert.ThrowsAsync<ModelRegistryException>(
            () => _registry.ImportAsync("digits", trained.Output, options with { Description = new string('x', 101) }));
        await _registry.DescribeAsync("digits", next.Version, "another");

        Assert.Equal("1.0.1", $"{next.Version}");
        Assert.Contains("1.0.0 already", taken.Message, StringComparison.Ordinal);
        Assert.Equal(["the first good one", "another"], (await _registry.ListAsync("digits")).Select(model => model.Description));
    }

    [Fact]
    public async Task Import_SeveralAtOnce_GivesEachItsVersion()
    {
        var models = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _registry.ImportAsync("digits", trained.Output)));

        Assert.Equal(6, models.Select(model => model.Version).Distinct().Count());
        Assert.All(await _registry.ListAsync("digits"), model => Assert.Equal(ModelStatus.Published, model.Status));
    }

    [Fact]
    public async Task List_AnImportThatWasKilled_IsFailedAfterAWhile()
    {
        var model = await _registry.ImportAsync("digits", trained.Output);
        var record = await trained.Store.GetTextAsync(model.Location / "model.json");
        await trained.Store.PutTextAsync(model.Location / "model.json", record.Replace("published", "building", StringComparison.Ordinal));
        var underWay = await _registry.GetAsync("digits", model.Version);
        await trained.Store.PutTextAsync(model.Location / "model.json", record
            .Replace("published", "building", StringComparison.Ordinal)
            .Replace($"{DateTime.UtcNow:yyyy-MM-dd}", "2020-01-01", StringComparison.Ordinal));

        var interrupted = await _registry.GetAsync("digits", model.Version);

        Assert.Equal((ModelStatus.Building, ModelStatus.Failed), (underWay!.Status, interrupted!.Status));
        Assert.Contains("interrupted", interrupted.Reason, StringComparison.Ordinal);
    }

    private async Task<ObjectUrl> ChangedModelAsync(byte[] before, byte[] after)
    {
        var output = await trained.CopyAsync();
        using var folder = new TemporaryFolder();
        await trained.Store.DownloadFileAsync(output / "model/model.onnx", folder["model.onnx"]);
        var bytes = await File.ReadAllBytesAsync(folder["model.onnx"]);
        Assert.True(bytes.AsSpan().IndexOf(before) > 0, "The model has no such bytes.");
        for (int place; (place = bytes.AsSpan().IndexOf(before)) > 0;) after.CopyTo(bytes, place);
        await File.WriteAllBytesAsync(folder["model.onnx"], bytes);
        await trained.Store.PutFileAsync(output / "model/model.onnx", folder["model.onnx"]);
        return output;
    }
}
