namespace MnistLab.Serving.Foreground;

/// <summary>Defines the exit codes of a service in the foreground.</summary>
public static class ServiceExitCode
{
    /// <summary>The service was asked to stop and has finished all requests.</summary>
    public const int Stopped = 0;

    /// <summary>
    /// The service failed; for example, its port is in use, its temporary folder is full, or its inference code hangs.
    /// </summary>
    public const int Failed = 1;

    /// <summary>An option or a variable is missing or invalid.</summary>
    public const int InvalidConfiguration = 2;

    /// <summary>The model is missing, damaged, or cannot be loaded.</summary>
    public const int InvalidModel = 3;

    /// <summary>The object store cannot be reached, or denies access.</summary>
    public const int StoreUnavailable = 4;
}
