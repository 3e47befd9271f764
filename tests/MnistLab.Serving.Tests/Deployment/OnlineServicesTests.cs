using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using MnistLab.Client;
using MnistLab.Data.Images;
using MnistLab.Models.Registry;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Requests;
using MnistLab.Storage;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

public sealed class OnlineServicesTests(TrainedModel trained) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = LoopbackHttp.CreateClient();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var service in await Open().ListAsync()) await service.StopAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Deploy_AModel_AnswersInModelArtsShape()
    {
        var service = await DeployAsync();

        using var answer = await PostAsync(service, Png(7), "digit.png");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["predicted_label", "scores"], json.RootElement.EnumerateObject().Select(member => member.Name));
        var scores = json.RootElement
            .GetProperty("scores")
            .EnumerateArray()
            .Select(pair => (Label: pair[0].GetString(), Score: double.Parse(pair[1].GetString()!, CultureInfo.InvariantCulture)))
            .ToList();
        Assert.Equal(5, scores.Count);
        Assert.Equal(scores.OrderByDescending(score => score.Score), scores);
        Assert.All(scores, score => Assert.InRange(score.Score, 0, 1));
        Assert.Equal(scores[0].Label, json.RootElement.GetProperty("predicted_label").GetString());
    }

    [Fact]
    public async Task Predict_TestImages_AreMostlyRight()
    {
        using var client = new PredictionClient((await DeployAsync()).Url!);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(
            async i => (await client.PredictAsync(Png(i))).PredictedLabel == $"{TrainedModel.Digits.Test.Label(i)}"));

        Assert.InRange(answers.Count(right => right), 75, 100);
    }

    [Fact]
    public async Task Post_WhatCannotBePredicted_IsRefusedAndTheServiceLivesOn()
    {
        var service = await DeployAsync();

        await AssertRefusedAsync(
            HttpStatusCode.BadRequest,
            PredictionErrorCode.NotAPicture,
            await PostAsync(service, "hello"u8.ToArray(), "digit.png"));
        await AssertRefusedAsync(HttpStatusCode.BadRequest, PredictionErrorCode.NotAPicture, await PostAsync(service, [], "digit.png"));
        await AssertRefusedAsync(
            HttpStatusCode.BadRequest,
            PredictionErrorCode.MissingImage,
            await PostAsync(service, Png(0), "digit.png", "image"));
        await AssertRefusedAsync(
            HttpStatusCode.UnsupportedMediaType,
            PredictionErrorCode.NotMultipart,
            await _http.PostAsync(service.Url, new StringContent("{}", Encoding.UTF8, "application/json")));
        await AssertRefusedAsync(
            HttpStatusCode.NotFound, PredictionErrorCode.NotFound, await _http.GetAsync(new Uri(service.Url!, "none")));
        var tooLarge = await Assert.ThrowsAsync<PredictionException>(
            () => new PredictionClient(service.Url!).PredictAsync(new byte[13 << 20]));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, PredictionErrorCode.BodyTooLarge), (tooLarge.StatusCode, tooLarge.ErrorCode));
        var error = await Assert.ThrowsAsync<PredictionException>(
            () => new PredictionClient(service.Url!).PredictAsync("hello"u8.ToArray()));
        Assert.Equal(PredictionErrorCode.NotAPicture, error.ErrorCode);

        using var answer = await PostAsync(service, Png(0), "digit.png");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Get_HealthAndPage_AnswerEachInTheirWay()
    {
        var service = await DeployAsync();

        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(new Uri(service.Url!, "health/live"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(new Uri(service.Url!, "health/ready"))).StatusCode);
        Assert.Equal("{\"status\":\"alive\"}", await _http.GetStringAsync(service.Url));
        using var asBrowser = new HttpRequestMessage(HttpMethod.Get, service.Url) { Headers = { { "Accept", "text/html" } } };
        var page = await (await _http.SendAsync(asBrowser)).Content.ReadAsStringAsync();
        Assert.Contains("<title>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_ByName_FromElsewhere_EndsTheProcess()
    {
        var service = await DeployAsync();

        var stopped = await Open().StopAsync("digits");

        Assert.Equal(ServiceStatus.Stopped, stopped.Status);
        Assert.False(IsRunning(service.ProcessId!.Value));
        Assert.Contains(
            "stopped",
            (await Assert.ThrowsAsync<DeploymentException>(() => Open().GetAsync("digits"))).Message,
            StringComparison.Ordinal);
        await Assert.ThrowsAsync<DeploymentException>(() => Open().StopAsync("another"));
    }

    [Fact]
    public async Task Deploy_TheSameAgain_ChangesNothing_AndAnotherVersionTakesOverInTheSameProcess()
    {
        var first = await DeployAsync();
        var again = await DeployAsync();
        var next = await DeployAsync(imports: 2);

        Assert.Equal((first.ProcessId, first.Url), (again.ProcessId, again.Url));
        Assert.Equal((first.ProcessId, first.Url), (next.ProcessId, next.Url));
        Assert.Equal("0.0.2", $"{(await Open().GetAsync("digits")).Version}");
    }

    [Fact]
    public async Task Find_AfterBothProcessesWereKilled_SaysThatTheyAreGone()
    {
        await DeployAsync();
        var run = new ServiceFolder(_folder[Path.Combine("services", "digits")]);
        await new RunningService(run.Instance(Assert.Single(run.Instances())), TimeProvider.System).KillAsync(default);

        var found = await Open().FindAsync("digits");

        Assert.Equal(ServiceStatus.Failed, found!.Status);
        Assert.Contains("are no longer running", found.Reason, StringComparison.Ordinal);
        Assert.Equal(ServiceStatus.Running, (await DeployAsync()).Status);
    }

    private static byte[] Png(int index) => DigitImage.FromPixels(TrainedModel.Digits.Test.Image(index)).ToPng();

    private static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static async Task AssertRefusedAsync(HttpStatusCode status, string code, HttpResponseMessage response)
    {
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal((status, code), (response.StatusCode, json.RootElement.GetProperty("error_code").GetString()));
        Assert.NotEmpty(json.RootElement.GetProperty("error_msg").GetString()!);
    }

    private OnlineServices Open() => new(_folder["services"]);

    private async Task<OnlineService> DeployAsync(int imports = 1)
    {
        var registry = new ModelRegistry(
            trained.Store,
            ObjectUrl.Parse($"s3://bucket/models-{_folder.Path.GetHashCode(StringComparison.Ordinal):x}/"));
        while ((await registry.ListAsync("digits")).Count < imports) await registry.ImportAsync("digits", trained.Output);
        return await Open().DeployAsync("digits", (await registry.GetAsync("digits"))!, trained.Store);
    }

    private Task<HttpResponseMessage> PostAsync(OnlineService service, byte[] content, string name, string field = "images") =>
        _http.PostAsync(service.Url, new MultipartFormDataContent { { new ByteArrayContent(content), field, name } });
}
