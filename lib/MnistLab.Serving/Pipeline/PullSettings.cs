using MnistLab.Hosting;
using MnistLab.Storage;

namespace MnistLab.Serving.Pipeline;

/// <summary>Represents the settings for downloading models when the service starts.</summary>
/// <param name="Store">The object store.</param>
/// <param name="Scratch">The folder to download to.</param>
/// <param name="Timeout">The time for which failed downloads are retried.</param>
internal sealed record PullSettings(IObjectStore Store, ScratchFolder Scratch, TimeSpan Timeout);
