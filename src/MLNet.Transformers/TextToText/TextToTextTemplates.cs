namespace MLNet.Transformers;

/// <summary>The forms of T5's tasks (Raffel et al. 2020, appendix D), with the columns that stand in them: for <see cref="TransformersCatalog.TextToTextInput"/>.</summary>
public static class TextToTextTemplates
{
    /// <summary>Summaries.</summary>
    public const string Summary = "summarize: {Text}";

    /// <summary>Translation from English to German.</summary>
    public const string EnglishToGerman = "translate English to German: {Text}";

    /// <summary>Answers from a context (SQuAD).</summary>
    public const string Question = "question: {Question} context: {Context}";

    /// <summary>Sentiment of a sentence (SST-2): negative, positive.</summary>
    public const string Sentiment = "sst2 sentence: {Text}";

    /// <summary>Whether a sentence is acceptable (CoLA): unacceptable, acceptable.</summary>
    public const string Acceptability = "cola sentence: {Text}";

    /// <summary>Whether two sentences mean the same (MRPC): not_equivalent, equivalent.</summary>
    public const string Paraphrase = "mrpc sentence1: {Text} sentence2: {TextPair}";

    /// <summary>Whether a premise entails a hypothesis (MNLI): entailment, neutral, contradiction. The text is the premise.</summary>
    public const string Entailment = "mnli hypothesis: {TextPair} premise: {Text}";

    /// <summary>How similar two sentences are (STS-B), 1 to 5 in steps of 0.2.</summary>
    public const string Similarity = "stsb sentence1: {Text} sentence2: {TextPair}";

    /// <summary>A tag for each word, separated by blanks. The paper has no such task.</summary>
    public const string Tags = "tag words: {Words}";
}
