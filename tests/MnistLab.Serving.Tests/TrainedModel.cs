using MnistLab.Data.Datasets;
using MnistLab.Storage;
using MnistLab.Storage.Folders;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Represents the output of a short training run, in a separate object store: softmax regression after 300 steps.
/// </summary>
public sealed class TrainedModel : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public static MnistDataset Digits => SmallTraining.Digits;

    public string StoreFolder => _folder["obs"];

    public IObjectStore Store => new FolderObjectStore(StoreFolder);

    public ObjectUrl Output => SmallTraining.Output;

    public async ValueTask InitializeAsync() => await SmallTraining.SaveSoftmaxAsync(Store);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Copies the output to another address, so that it can be damaged.</summary>
    public async Task<ObjectUrl> CopyAsync()
    {
        var copy = ObjectUrl.Parse($"s3://bucket/{Guid.NewGuid():N}/");
        await foreach (var item in Store.ListAsync(Output)) await Store.CopyAsync(item.Url, copy / Output.RelativeKeyOf(item.Url));
        return copy;
    }
}
