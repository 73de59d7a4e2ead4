namespace QuestionAnswering;

/// <summary>A question about a text.</summary>
internal sealed class Asked
{
    public string Question { get; set; } = "";

    public string Context { get; set; } = "";
}

/// <summary>What is found in the text.</summary>
internal sealed class Answered
{
    public string PredictedAnswer { get; set; } = "";

    /// <summary>The place of the answer's first character.</summary>
    public int PredictedAnswerStart { get; set; }

    public float Score { get; set; }

    public string[] TopAnswers { get; set; } = [];

    public float[] TopScores { get; set; } = [];
}
