using MnistLab.Data;

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
        Assert.Contains($"{trained.Output}", (await Assert.ThrowsAsync<ModelImportException>(() => _registry.ImportAsync("digits", trained.Output.Parent))).Message, StringComparison.Ordinal);

    public static TheoryData<string, string?, ModelImportError> Damages => new()
    {
        { "model/config.json", null, ModelImportError.ConfigMissing },
        { "model/config.json", "{", ModelImportError.ConfigMalformed },
        { "model/config.json", "{}", ModelImportError.ConfigMalformed },
        { "model/model.onnx", null, ModelImportError.ModelMissing },
        { "model/model.onnx", "no model", ModelImportError.ModelMalformed },
        { "model/customize_service.cs", null, ModelImportError.InferenceCodeMissing },
        { "model/customize_service.cs", "public class Broken {", ModelImportError.InferenceCodeInvalid },
        { "model/customize_service.cs", "public class Other { }", ModelImportError.InferenceCodeInvalid },
        { "model/second.cs", "public class Second { }", ModelImportError.InferenceCodeAmbiguous },
        {
            "model/customize_service.cs",
            "public sealed class Fails : MnistLab.Serving.CustomService { public override float[] Inference(float[] pixels) => throw new System.InvalidOperationException(\"boom\"); }",
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
        Assert.Equal((expected == ModelImportError.InferenceCodeInvalid ? ModelStatus.BuildingFailed : ModelStatus.Failed, error.Message), (version.Status, version.Reason));
        Assert.Null(await _registry.GetAsync("damaged"));
    }

    [Fact]
    public async Task Import_NothingThere_SaysSo() =>
        Assert.Equal(ModelImportError.NotFound, (await Assert.ThrowsAsync<ModelImportException>(() => _registry.ImportAsync("digits", ObjectUrl.Parse("s3://bucket/none/")))).Error);
}
