using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Data.Workspaces;
using MnistLab.Models.Registry;
using MnistLab.Storage;
using MnistLab.Training.Jobs;

namespace MnistLab.EndToEnd;

/// <summary>
/// Applies mixed load for any duration: predictions over three protocols, versions that replace each other, imports,
/// and training jobs. Meanwhile, the resources of the service's process are sampled.
/// </summary>
public sealed class Soak : IAsyncDisposable
{
    private const string Name = "soak";
    private static readonly ObjectUrl Codes = ObjectUrl.Parse("s3://modelarts-example/codes/");
    private static readonly ObjectUrl Data = ObjectUrl.Parse("s3://modelarts-example/datasets/");
    private static readonly ObjectUrl Log = ObjectUrl.Parse("s3://modelarts-example/log/");
    private static readonly TimeSpan BetweenChanges = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenSamples = TimeSpan.FromMilliseconds(250);

    private readonly CopiedWorkspace _workspace = new();
    private readonly Dictionary<string, int> _done = [];
    private readonly List<ProcessSample> _samples = [];

    /// <summary>Gets the number of times that each kind of work was done.</summary>
    public IReadOnlyDictionary<string, int> Done => _done;

    /// <summary>Gets the samples of the service's process, in order.</summary>
    public IReadOnlyList<ProcessSample> Samples => _samples;

    /// <summary>Applies the load for a time.</summary>
    /// <param name="duration">The duration of the load.</param>
    /// <returns>A task that completes when all work has stopped.</returns>
    /// <exception cref="Exception">The first error of any of the work; none is expected.</exception>
    public async Task RunAsync(TimeSpan duration)
    {
        var jobs = await PrepareAsync();
        var first = await TrainAsync(jobs, CancellationToken.None);
        var registry = new ModelRegistry(_workspace.Store, ObjectUrl.Parse("s3://modelarts-example/models/"), null, _workspace.Services);
        var models = new[] { await registry.ImportAsync("digits", first), await registry.ImportAsync("digits", first) };
        var service = await _workspace.Services.DeployAsync(Name, models[0], _workspace.Store);
        using var http = service.CreateHttpClient();
        var digit = DigitImage.FromPixels(MnistDataset.Load(Workspace.Find().SampleFolder).Test.Image(0));
        var (png, pixels) = (digit.ToPng(), digit.ToUnitInterval());

        using var end = new CancellationTokenSource(duration);
        await Task.WhenAll(
            RepeatAsync("ModelArts", end, null, _ => SendAsync(http, "/", Form(png))),
            RepeatAsync(
                "TensorFlow",
                end,
                null,
                _ => SendAsync(http, "/v1/models/digits:predict", Json($"{{\"instances\":[{Numbers(pixels)}]}}"))),
            RepeatAsync("Open Inference", end, null, _ => SendAsync(http, "/v2/models/digits/infer", Json(OpenInference(pixels)))),
            RepeatAsync(
                "update",
                end,
                BetweenChanges,
                round => _workspace.Services.DeployAsync(Name, models[round % models.Length], _workspace.Store)),
            RepeatAsync("import", end, BetweenChanges, async _ =>
            {
                var imported = await registry.ImportAsync("others", first);
                await registry.DeleteAsync(imported.Name, imported.Version);
            }),
            RepeatAsync("job", end, BetweenChanges, _ => TrainAsync(jobs, CancellationToken.None)),
            RepeatAsync("sample", end, BetweenSamples, _ =>
            {
                _samples.Add(ProcessSample.Take(service.ProcessId!.Value));
                return Task.CompletedTask;
            }));
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    private async Task<TrainingJobs> PrepareAsync()
    {
        var store = _workspace.Store;
        await store.CreateBucketAsync(Data.Bucket);
        foreach (var file in MnistFiles.All)
        {
            await using var content = File.OpenRead(Path.Combine(Workspace.Find().SampleFolder, file));
            await store.PutAsync(Data / file, content);
        }

        foreach (var file in Directory.GetFiles(_workspace.PathOf(Path.Combine("notebooks", "codes"))))
            await store.PutTextAsync(Codes / Path.GetFileName(file), await File.ReadAllTextAsync(file));
        return new TrainingJobs(Workspace.Find(_workspace.Folder));
    }

    private static async Task<ObjectUrl> TrainAsync(TrainingJobs jobs, CancellationToken cancellationToken)
    {
        var job = await jobs.SubmitAsync(
            new TrainingJobSpec
            {
                JobName = Name,
                AppUrl = Codes,
                BootFileUrl = Codes / "train_mnist.cs",
                DataUrl = Data,
                TrainUrl = Log,
                Parameters = new Dictionary<string, string> { ["model"] = "fast", ["max_number_of_steps"] = "40" },
            },
            cancellationToken);
        await job.WaitAsync(cancellationToken: cancellationToken);
        if (job.Status != JobStatus.Completed) throw new InvalidOperationException($"A job ended as {job.Status}: {job.Reason}");
        return job.OutputUrl;
    }

    private async Task RepeatAsync(string kind, CancellationTokenSource end, TimeSpan? pause, Func<int, Task> work)
    {
        var count = 0;
        try
        {
            while (!end.IsCancellationRequested)
            {
                await work(count++);
                if (pause is { } time) await Task.Delay(time, end.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
        catch
        {
            // The first error ends all work and is the one that is thrown.
            await end.CancelAsync();
            throw;
        }
        finally
        {
            lock (_done) _done[kind] = count;
        }
    }

    private static async Task SendAsync(HttpClient http, string path, HttpContent content)
    {
        using var own = content;
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), own);
        var body = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new HttpRequestException($"POST {path}: {(int)response.StatusCode} {body}");
    }

    private static MultipartFormDataContent Form(byte[] png)
    {
        var picture = new ByteArrayContent(png);
        picture.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return new MultipartFormDataContent { { picture, "images", "digit.png" } };
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static string OpenInference(float[] pixels) =>
        $$"""{"inputs":[{"name":"images","shape":[1,1,28,28],"datatype":"FP32","data":{{Numbers(pixels)}}}]}""";

    private static string Numbers(float[] pixels) =>
        $"[{string.Join(',', pixels.Select(pixel => pixel.ToString("R", CultureInfo.InvariantCulture)))}]";
}
