using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Requests;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

/// <summary>Tests whether an error is attributed to the request, the inference code, or the service.</summary>
public sealed class FailureTests(FastModel model)
{
    private const string Key = "control-key-of-the-test";

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"service":"digits"}""")]
    public async Task Configure_WithSettingsThatAreNone_IsTheRequestsFault(string body)
    {
        await using var service = await RunningApplication.StartAsync(model.Package);

        var (status, json) = await ConfigureAsync(service, body);

        Assert.Equal((HttpStatusCode.BadRequest, PredictionErrorCode.MalformedBody), (status, $"{json["error_code"]}"));
        Assert.Contains("settings are not valid", $"{json["error_msg"]}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configure_WhereTheSettingsCannotBeKept_SaysSo_AndChangesNothing()
    {
        await using var service = await RunningApplication.StartAsync(model.Package);
        var instance = service.Services.GetRequiredService<InstanceFolder>();
        // A file cannot be created where a folder exists.
        File.Delete(instance.SettingsFile);
        Directory.CreateDirectory(Path.Combine(instance.SettingsFile, "in the way"));
        var settings = service.Services.GetRequiredService<RunSettings>() with { PredictionLimit = TimeSpan.FromSeconds(7) };

        var (status, json) = await ConfigureAsync(
            service, System.Text.Json.JsonSerializer.Serialize(settings, FileJson.Instance.RunSettings));

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.NotEmpty($"{json["error_msg"]}");
        Assert.Equal(TimeSpan.FromSeconds(40), Assert.Single(service.Services.GetRequiredService<ServedModels>().Loaded).PredictionLimit);
    }

    [Fact]
    public async Task Get_FactsThatCannotBeRead_IsTheServicesFault()
    {
        await using var service = await RunningApplication.StartAsync(model.Package);
        var folder = service.Services.GetRequiredService<InstanceFolder>().Service;
        folder.AddEvent(TimeProvider.System, "deployed");
        var events = Path.Combine(folder.Path, "events.log");
        Assert.True(File.Exists(events));
        File.Delete(events);
        Directory.CreateDirectory(events);

        using var response = await service.Http.GetAsync("/service");
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal(
            (HttpStatusCode.InternalServerError, PredictionErrorCode.ServiceFailed),
            (response.StatusCode, $"{json["error_code"]}"));
        Assert.DoesNotContain("inference code", $"{json["error_msg"]}", StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, $"{json["error_msg"]}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("throw new System.IO.IOException(\"secret of the code\")")]
    [InlineData("null!")]
    [InlineData("new(\"7\", null!)")]
    [InlineData("new(null!, [])")]
    [InlineData("new(\"7\", [null!])")]
    public async Task Predict_WhereTheInferenceCodeFails_IsItsFault(string result)
    {
        using var folder = new TemporaryFolder();
        // The first prediction is the trial prediction of the import.
        var code = $$"""
            using System.Threading;
            using MnistLab.Models;

            public sealed class Service : CustomService
            {
                private int _calls;

                public override Prediction Postprocess(float[] logits) => Interlocked.Increment(ref _calls) == 1 ? base.Postprocess(logits) : {{result}};
            }
            """;
        foreach (var file in Directory.GetFiles(model.Package).Where(file => Path.GetExtension(file) is not ".cs"))
            File.Copy(file, folder[Path.GetFileName(file)]);
        await File.WriteAllTextAsync(folder["customize_service.cs"], code);
        await using var service = await RunningApplication.StartAsync(folder.Path);

        using var form = new MultipartFormDataContent { { new ByteArrayContent(RunningApplication.Png(0)), "images", "digit.png" } };
        using var response = await service.Http.PostAsync("/", form);
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal(
            (HttpStatusCode.InternalServerError, PredictionErrorCode.InferenceFailed),
            (response.StatusCode, $"{json["error_code"]}"));
        Assert.DoesNotContain("secret", $"{json["error_msg"]}", StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, JsonNode Json)> ConfigureAsync(RunningApplication service, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/control/configuration");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("X-Control-Key", Key);
        using var response = await service.Http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
