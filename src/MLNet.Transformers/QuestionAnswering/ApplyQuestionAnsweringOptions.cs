using MLNet.Transformers.QuestionAnswering;

namespace MLNet.Transformers;

/// <summary>Settings of <see cref="TransformersCatalog.ApplyQuestionAnswering"/>.</summary>
/// <remarks>
/// <see cref="TextOptions.MaxTokens"/> is 384 (BERT, run_squad.py), or fewer where the network has fewer positions: the tokens of a window. A longer context is
/// read in several windows, and nothing of it is lost.
/// </remarks>
public sealed class ApplyQuestionAnsweringOptions : TextOptions, IAnswerOptions
{
    /// <summary>All defaults.</summary>
    public ApplyQuestionAnsweringOptions() => MaxTokens = QuestionAnsweringSettings.DefaultMaxTokens;

    /// <summary>Column of the question.</summary>
    /// <value>"Question".</value>
    public string QuestionColumnName { get; set; } = "Question";

    /// <summary>Column of the text that the answer is looked for in, of any length.</summary>
    /// <value>"Context".</value>
    public string ContextColumnName { get; set; } = "Context";

    /// <summary>Column for the best answer, exactly as it stands in the context, without blanks around it; empty where the context does not answer the question.</summary>
    /// <value>"PredictedAnswer".</value>
    public string PredictedAnswerColumnName { get; set; } = "PredictedAnswer";

    /// <summary>Column for the place of the best answer's first character in the context, in UTF-16 units; -1 where there is no answer.</summary>
    /// <value>"PredictedAnswerStart".</value>
    public string PredictedAnswerStartColumnName { get; set; } = "PredictedAnswerStart";

    /// <summary>Column for the probability of the best answer, or of there being none, among the <see cref="NBestSize"/> best.</summary>
    /// <value>"Score".</value>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>Column for how much the score of no answer exceeds that of the best answer, in logits: what <see cref="NullScoreThreshold"/> is compared with. Infinite where the context has no tokens.</summary>
    /// <value>"NullScore".</value>
    public string NullScoreColumnName { get; set; } = "NullScore";

    /// <summary>Column for the <see cref="TopAnswers"/> best answers, the best first, whatever <see cref="NullScoreThreshold"/> says; fewer where the context has fewer.</summary>
    /// <value>"TopAnswers".</value>
    public string TopAnswersColumnName { get; set; } = "TopAnswers";

    /// <summary>Column for the places of the best answers' first characters.</summary>
    /// <value>"TopAnswerStarts".</value>
    public string TopAnswerStartsColumnName { get; set; } = "TopAnswerStarts";

    /// <summary>Column for the probabilities of the best answers.</summary>
    /// <value>"TopScores".</value>
    public string TopScoresColumnName { get; set; } = "TopScores";

    /// <summary>
    /// Tokens that two successive windows over a long context have in common, at least 0; never more than half of the room that the question leaves
    /// for the context, so that windows get on.
    /// </summary>
    /// <value>128.</value>
    public int Stride { get; set; } = 128;

    /// <summary>Answers in <see cref="TopAnswersColumnName"/>, at least 1.</summary>
    /// <value>3.</value>
    public int TopAnswers { get; set; } = 3;

    /// <summary>Starts and ends of each window that are paired, and answers that share the probability, at least <see cref="TopAnswers"/>.</summary>
    /// <value>20.</value>
    public int NBestSize { get; set; } = 20;

    /// <summary>Most tokens of an answer, at least 1.</summary>
    /// <value>30.</value>
    public int MaxAnswerTokens { get; set; } = 30;

    /// <summary>
    /// How much the score of no answer must exceed that of the best answer, in logits, for the answer to be empty: 0 suits checkpoints that were trained
    /// on SQuAD 2; with <see cref="double.MaxValue"/> every question is answered. Null: that of the training, which
    /// <see cref="QuestionAnsweringTransformer.SaveCheckpoint"/> writes beside the weights; in folders of other origin every question is answered.
    /// </summary>
    /// <value>null.</value>
    public double? NullScoreThreshold { get; set; }

    private protected override void Validate()
    {
        base.Validate();
        IAnswerOptions.Validate(this);
    }
}
