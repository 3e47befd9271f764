namespace MnistLab.Serving.Instances;

/// <summary>Provides extension methods for <see cref="ServiceStatus"/>.</summary>
public static class ServiceStatusExtensions
{
    /// <summary>Returns whether the service has an address and can be used, even if it is concerning.</summary>
    public static bool IsUp(this ServiceStatus status) => status is ServiceStatus.Running or ServiceStatus.Concerning;
}
