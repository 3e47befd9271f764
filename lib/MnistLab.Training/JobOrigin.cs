namespace MnistLab.Training;

/// <summary>Represents the training job that trained a model.</summary>
/// <param name="JobName">The job's name.</param>
/// <param name="Version">The version, such as V0001.</param>
/// <param name="AppUrl">The address of the code directory.</param>
/// <param name="BootFileUrl">The address of the boot file.</param>
/// <param name="DataUrl">The data storage location.</param>
/// <param name="WorkerCount">The number of workers; the last bits of the weights depend on it.</param>
public sealed record JobOrigin(
    string JobName, string Version, string AppUrl, string BootFileUrl, string DataUrl, int WorkerCount = 1);
