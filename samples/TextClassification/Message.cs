using Microsoft.ML.Data;

namespace TextClassification;

/// <summary>A row of the data: the class and the text.</summary>
internal sealed class Message
{
    [LoadColumn(0)]
    public string Intent { get; set; } = "";

    [LoadColumn(1)]
    public string Text { get; set; } = "";
}

/// <summary>What is predicted of a message.</summary>
internal sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
