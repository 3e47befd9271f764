using CsCheck;
using MnistLab.Models;
using MnistLab.Models.Registry;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Requests;
using MnistLab.Storage;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

public sealed class ServedModelsTests(TrainedModel trained) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public async ValueTask InitializeAsync() => await trained.Store.DownloadFolderAsync(trained.Output, _folder.Path);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Acquire_FromAnyWeights_GivesEachItsShareOfEveryHundred()
    {
        var versions = Enumerable.Range(1, 4).Select(Load).ToList();
        using var models = new ServedModels();
        Gen.Int[0, 100].Array[3].Sample(
            cuts =>
            {
                int[] ends = [.. cuts.Order(), 100];
                var weights = ends.Select((end, i) => end - (i == 0 ? 0 : ends[i - 1])).ToArray();
                models.Replace([.. versions.Zip(weights)]);
                var acquired = new Dictionary<ModelVersion, int>();
                for (var request = 0; request < 100; request++)
                {
                    using var lease = models.Acquire();
                    acquired[lease.Model.Version.Version] = acquired.GetValueOrDefault(lease.Model.Version.Version) + 1;
                }

                return versions.Zip(weights).All(item => acquired.GetValueOrDefault(item.First.Version.Version) == item.Second);
            },
            iter: 200,
            threads: 1);
        Assert.NotNull(models.Acquire(new ModelVersion(0, 0, 2)));
        Assert.Null(models.Acquire(new ModelVersion(9, 0, 0)));
    }

    [Fact]
    public void Replace_WhileARequestHasAcquired_FreesTheModelOnlyAfterIt()
    {
        var (old, next) = (Load(1), Load(2));
        using var models = new ServedModels();
        models.Replace([(old, 100)]);
        var lease = models.Acquire();

        models.Replace([(next, 100)]);
        var prediction = lease.Model.Service.Predict(new MemoryStream(ServiceLab.Png(0)));
        var stillThere = old.TryAcquire();
        old.Release();
        lease.Dispose();

        Assert.NotEmpty(prediction.Scores);
        Assert.True(stillThere);
        Assert.False(old.TryAcquire());
        using var now = models.Acquire();
        Assert.Same(next, now.Model);
    }

    [Fact]
    public async Task Replace_AgainAndAgainWhileManyPredict_FailsNoPrediction()
    {
        using var models = new ServedModels();
        models.Replace([(Load(0), 100)]);
        using var end = new CancellationTokenSource();
        var requests = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            var count = 0;
            for (; !end.IsCancellationRequested; count++)
            {
                using var lease = models.Acquire();
                lease.Model.Service.Predict(new MemoryStream(ServiceLab.Png(0)));
            }

            return count;
        })).ToArray();

        for (var version = 1; version <= 30; version++) models.Replace([(Load(version), 100)]);
        await end.CancelAsync();

        Assert.True((await Task.WhenAll(requests)).Sum() > 0);
    }

    [Fact]
    public void Acquire_BeforeAnythingIsLoaded_IsRefusedAsNotReady()
    {
        using var models = new ServedModels();

        Assert.False(models.IsReady);
        Assert.Equal(503, Assert.Throws<RequestRejectedException>(() => models.Acquire()).StatusCode);
    }

    private ServedModel Load(int patch) => new(
        new ServedVersion("digits", new ModelVersion(0, 0, patch), 100, _folder["model"], $"s3://bucket/models/digits/0.0.{patch}/"),
        LoadedModel.Open(_folder["model"]),
        TimeSpan.FromSeconds(40));
}
