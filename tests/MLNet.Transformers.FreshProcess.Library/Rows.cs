namespace FreshProcess.Library;

/// <summary>A row to classify.</summary>
public sealed class InputRow
{
    public string Sentiment { get; set; } = "";

    public string Text { get; set; } = "";
}

/// <summary>What is predicted of it.</summary>
public sealed class OutputRow
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
