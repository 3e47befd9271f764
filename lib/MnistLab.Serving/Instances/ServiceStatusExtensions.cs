namespace MnistLab.Serving.Instances;

/// <summary>Questions to a service's status.</summary>
public static class ServiceStatusExtensions
{
    /// <summary>Whether there is a service with an address: one that runs, though perhaps not well.</summary>
    public static bool IsUp(this ServiceStatus status) => status is ServiceStatus.Running or ServiceStatus.Concerning;
}
