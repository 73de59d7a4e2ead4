using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.TokenClassification;

/// <summary>Which tokens of a text are whose word's.</summary>
/// <param name="Text">The text and its words.</param>
/// <param name="Places">Where each token stands in the text.</param>
/// <param name="WordOf">The word of each token, the first that it touches; -1: none, as of a token that is a blank.</param>
/// <param name="FirstToken">The first token that touches each word; -1: none, as of a word that the tokenizer leaves out.</param>
internal sealed record TokenAlignment(TokenText Text, TextSpan[] Places, int[] WordOf, int[] FirstToken)
{
    public static TokenAlignment Of(TokenText text, TextSpan[] places)
    {
        TextSpan[] words = text.Words;
        var wordOf = new int[places.Length];
        var firstToken = new int[words.Length];
        Array.Fill(firstToken, -1);
        int word = 0;
        for (int token = 0; token < places.Length; token++)
        {
            TextSpan place = places[token];
            while (word < words.Length && words[word].End <= place.Start)
            {
                word++;
            }
            wordOf[token] = -1;
            for (int touched = word; touched < words.Length && words[touched].Start < place.End; touched++)
            {
                if (words[touched].End > words[touched].Start)
                {
                    wordOf[token] = wordOf[token] < 0 ? touched : wordOf[token];
                    firstToken[touched] = firstToken[touched] < 0 ? token : firstToken[touched];
                }
            }
        }
        return new TokenAlignment(text, places, wordOf, firstToken);
    }
}
