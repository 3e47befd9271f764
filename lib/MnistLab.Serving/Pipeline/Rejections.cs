using MnistLab.Data.Images;
using MnistLab.Models;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Pipeline;

/// <summary>Converts exceptions to the errors that clients receive, the same in all protocols, and logs them.</summary>
internal sealed class Rejections(RefusalLog log)
{
    /// <summary>Converts an exception to an error of the request, and logs both.</summary>
    public RequestRejectedException Add(ServiceProtocol protocol, Exception exception)
    {
        var rejection = Describe(exception);
        log.Add(protocol, rejection, exception is InferenceFailedException ? exception.InnerException! : exception);
        return rejection;
    }

    /// <summary>Returns the outcome of a rejected request.</summary>
    public static CallOutcome OutcomeOf(RequestRejectedException rejection) => rejection.StatusCode switch
    {
        429 or 503 => CallOutcome.Overload,
        >= 500 => CallOutcome.Failure,
        _ => CallOutcome.Refused,
    };

    private static RequestRejectedException Describe(Exception exception) => exception switch
    {
        RequestRejectedException rejection => rejection,
        DigitImageException image => new(400, PredictionErrorCode.NotAPicture, image.Message, image),
        PredictionTimeLimitException late => new(504, PredictionErrorCode.TimeLimit, late.Message, late),
        // The cause is only logged, because a response must not reveal internals.
        InferenceFailedException => new(
            500,
            PredictionErrorCode.InferenceFailed,
            "The model's inference code failed on this request. See the service's log for the cause."),
        _ => new(500, PredictionErrorCode.ServiceFailed, "The service failed on this request. See its log for the cause."),
    };
}
