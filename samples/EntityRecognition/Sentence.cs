namespace EntityRecognition;

/// <summary>What the trained model is asked: a text as it is, its words are found in it.</summary>
internal sealed class Sentence
{
    public string Text { get; set; } = "";
}
