namespace MnistLab.Serving.Foreground;

/// <summary>
/// Defines the names of the environment variables that configure a service in the foreground; command-line options take
/// precedence.
/// </summary>
public static class ServiceVariables
{
    /// <summary>The variable with the URL of the model in the object store.</summary>
    public const string Model = "MNISTLAB_MODEL";

    /// <summary>The variable with the name of the model in the service's URLs.</summary>
    public const string Name = "MNISTLAB_NAME";

    /// <summary>The variable with the IP address to listen on.</summary>
    public const string Address = "MNISTLAB_ADDRESS";

    /// <summary>The variable with the port to listen on.</summary>
    public const string Port = "MNISTLAB_PORT";

    /// <summary>The variable with the port to listen on for gRPC.</summary>
    public const string GrpcPort = "MNISTLAB_GRPC_PORT";

    /// <summary>
    /// The variable with the time in seconds for which a stopping service still accepts requests while it reports that
    /// it is not ready.
    /// </summary>
    public const string Drain = "MNISTLAB_DRAIN";

    /// <summary>The variable with the time in seconds for which failed downloads of the model are retried.</summary>
    public const string StartTimeout = "MNISTLAB_START_TIMEOUT";

    /// <summary>The variable with the time limit of one prediction in seconds.</summary>
    public const string PredictionLimit = "MNISTLAB_PREDICTION_LIMIT";

    /// <summary>The variable with the format of the log.</summary>
    public const string LogFormat = "MNISTLAB_LOG_FORMAT";

    /// <summary>The variable with the folder that serves as the object store if no server is configured.</summary>
    public const string Store = "MNISTLAB_STORE";

    /// <summary>The variable with the token that requests must carry.</summary>
    public const string Token = "MNISTLAB_TOKEN";

    /// <summary>The variable with the app code that requests may carry instead.</summary>
    public const string AppCode = "MNISTLAB_APP_CODE";
}
