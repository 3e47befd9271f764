namespace MnistLab.Serving.Foreground;

/// <summary>Names the environment variables that configure a service in the foreground, where its options do not.</summary>
public static class ServiceVariables
{
    /// <summary>The variable with the address of the model.</summary>
    public const string Model = "MNISTLAB_MODEL";

    /// <summary>The variable with the name of the model in the addresses of the service.</summary>
    public const string Name = "MNISTLAB_NAME";

    /// <summary>The variable with the IP address to listen at.</summary>
    public const string Address = "MNISTLAB_ADDRESS";

    /// <summary>The variable with the port to listen at.</summary>
    public const string Port = "MNISTLAB_PORT";

    /// <summary>The variable with the port to listen at for gRPC.</summary>
    public const string GrpcPort = "MNISTLAB_GRPC_PORT";

    /// <summary>The variable with the seconds between the end of readiness and the end of listening.</summary>
    public const string Drain = "MNISTLAB_DRAIN";

    /// <summary>The variable with the seconds for which downloads of the model are retried.</summary>
    public const string StartTimeout = "MNISTLAB_START_TIMEOUT";

    /// <summary>The variable with the seconds that one prediction may take.</summary>
    public const string PredictionLimit = "MNISTLAB_PREDICTION_LIMIT";

    /// <summary>The variable with the format of the log.</summary>
    public const string LogFormat = "MNISTLAB_LOG_FORMAT";

    /// <summary>The variable with the folder that is the object store where no server is.</summary>
    public const string Store = "MNISTLAB_STORE";

    /// <summary>The variable with the token that requests have to carry.</summary>
    public const string Token = "MNISTLAB_TOKEN";

    /// <summary>The variable with the app code that requests may carry instead.</summary>
    public const string AppCode = "MNISTLAB_APP_CODE";
}
