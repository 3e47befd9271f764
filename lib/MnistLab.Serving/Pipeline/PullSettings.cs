using MnistLab.Hosting;
using MnistLab.Storage;

namespace MnistLab.Serving.Pipeline;

/// <summary>Where models are downloaded from when the service starts.</summary>
/// <param name="Store">The object store.</param>
/// <param name="Scratch">The folder to download to.</param>
/// <param name="Timeout">How long downloads are retried while the store cannot be reached.</param>
internal sealed record PullSettings(IObjectStore Store, ScratchFolder Scratch, TimeSpan Timeout);
