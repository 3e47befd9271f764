namespace MnistLab.Serving.Requests;

/// <summary>
/// The <c>error_code</c>s of the service. They begin with PR, as those of ModelArts's inference do; the rest of the
/// numbers is our own.
/// </summary>
public static class PredictionErrorCode
{
    /// <summary>400: the file is no picture, or there is nothing on it.</summary>
    public const string NotAPicture = "PR.0101";

    /// <summary>400: there is no file in the field <c>images</c>.</summary>
    public const string MissingImage = "PR.0102";

    /// <summary>400: there is more than one file in the field <c>images</c>.</summary>
    public const string TooManyImages = "PR.0103";

    /// <summary>415: the body is not multipart/form-data.</summary>
    public const string NotMultipart = "PR.0104";

    /// <summary>400: the body is said to be multipart/form-data, but is not.</summary>
    public const string MalformedBody = "PR.0105";

    /// <summary>413: the body is larger than 12 MB.</summary>
    public const string BodyTooLarge = "PR.0106";

    /// <summary>404: there is nothing at this address.</summary>
    public const string NotFound = "PR.0107";

    /// <summary>405: the address does not take this method.</summary>
    public const string MethodNotAllowed = "PR.0108";

    /// <summary>Another 4xx: the server refused the request before it reached the service.</summary>
    public const string Refused = "PR.0109";

    /// <summary>408: the body did not arrive in time.</summary>
    public const string BodyTooSlow = "PR.0110";

    /// <summary>401: the request carries no valid token or app code.</summary>
    public const string Unauthorized = "PR.0111";

    /// <summary>400: the JSON or the tensors of a request are not what they have to be.</summary>
    public const string MalformedTensor = "PR.0112";

    /// <summary>404: there is no model of this name, or not this version of it.</summary>
    public const string ModelNotFound = "PR.0113";

    /// <summary>
    /// 429: there are more requests at once than the service takes; ask again after the time in <c>Retry-After</c>.
    /// </summary>
    public const string Overloaded = "PR.0114";

    /// <summary>415: the body has a Content-Encoding that the service does not decompress.</summary>
    public const string UnsupportedEncoding = "PR.0115";

    /// <summary>400: the request's Host is not a name of this machine, which alone may use the service.</summary>
    public const string HostNotAllowed = "PR.0116";

    /// <summary>503: the model is being loaded.</summary>
    public const string NotReady = "PR.0201";

    /// <summary>500: the model's inference code failed; the service's log tells how.</summary>
    public const string InferenceFailed = "PR.0202";

    /// <summary>500: the service itself failed; its log tells how.</summary>
    public const string ServiceFailed = "PR.0204";

    /// <summary>504: the model's inference code took longer than it may.</summary>
    public const string TimeLimit = "PR.0203";
}
