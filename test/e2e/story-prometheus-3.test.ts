import { tellStory } from "./story/tell.ts";

tellStory("3.x");
