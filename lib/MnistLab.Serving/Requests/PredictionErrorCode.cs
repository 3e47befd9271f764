namespace MnistLab.Serving.Requests;

/// <summary>
/// Defines the values of <c>error_code</c> in the service's error responses. They begin with PR, as those of
/// ModelArts's inference service do; the numbers are specific to this project.
/// </summary>
public static class PredictionErrorCode
{
    /// <summary>400: the file is not an image, or the image is blank.</summary>
    public const string NotAPicture = "PR.0101";

    /// <summary>400: there is no file in the field <c>images</c>.</summary>
    public const string MissingImage = "PR.0102";

    /// <summary>400: there is more than one file in the field <c>images</c>.</summary>
    public const string TooManyImages = "PR.0103";

    /// <summary>415: the body is not multipart/form-data.</summary>
    public const string NotMultipart = "PR.0104";

    /// <summary>
    /// 400: the body is not the valid multipart/form-data that its Content-Type declares, cannot be decompressed, or is
    /// otherwise malformed.
    /// </summary>
    public const string MalformedBody = "PR.0105";

    /// <summary>413: the body is larger than 12 MB.</summary>
    public const string BodyTooLarge = "PR.0106";

    /// <summary>404: no endpoint has this URL.</summary>
    public const string NotFound = "PR.0107";

    /// <summary>405: the endpoint does not support this method.</summary>
    public const string MethodNotAllowed = "PR.0108";

    /// <summary>Another 4xx: the web server rejected the request before it reached an endpoint.</summary>
    public const string Refused = "PR.0109";

    /// <summary>408: the body did not arrive within the time limit.</summary>
    public const string BodyTooSlow = "PR.0110";

    /// <summary>401: the request carries no valid token or app code.</summary>
    public const string Unauthorized = "PR.0111";

    /// <summary>400: the JSON or the tensors of a request are invalid.</summary>
    public const string MalformedTensor = "PR.0112";

    /// <summary>404: the service does not serve this model or version.</summary>
    public const string ModelNotFound = "PR.0113";

    /// <summary>
    /// 429: the service has too many concurrent requests; retry after the time in <c>Retry-After</c>.
    /// </summary>
    public const string Overloaded = "PR.0114";

    /// <summary>415: the body's Content-Encoding is not supported.</summary>
    public const string UnsupportedEncoding = "PR.0115";

    /// <summary>
    /// 400: the request's Host is not a name of this machine, and the service listens only on the loopback interface.
    /// </summary>
    public const string HostNotAllowed = "PR.0116";

    /// <summary>503: the model is being loaded, or the service is about to stop.</summary>
    public const string NotReady = "PR.0201";

    /// <summary>500: the model's inference code failed; see the service's log for the cause.</summary>
    public const string InferenceFailed = "PR.0202";

    /// <summary>500: the service itself failed; see its log for the cause.</summary>
    public const string ServiceFailed = "PR.0204";

    /// <summary>504: the model's inference code exceeded its time limit.</summary>
    public const string TimeLimit = "PR.0203";
}
